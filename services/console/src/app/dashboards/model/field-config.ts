/** How a field is named, coloured, formatted and judged: Grafana's `fieldConfig`, its defaults and overrides. */
import { compilePattern } from './pattern.ts';
import { flag, type Json, list, number, oneOf, optionalText, record, records, text } from './read.ts';
import { readMappings } from './value-mappings.ts';

export interface Override {
  matcher: { id: string; options: unknown };
  properties: readonly { id: string; value: unknown }[];
}

/** What a matcher may look at. */
export interface FieldFacts {
  displayName: string;
  /** The field's own name (a column's, `Value`), before any renaming. */
  name: string;
  type: string;
  refId: string;
}

export function readFieldConfigSource(value: unknown) {
  const source = record(value);
  return {
    defaults: record(source['defaults']),
    overrides: records(source['overrides']).map((entry) => ({
      matcher: { id: text(record(entry['matcher'])['id']), options: record(entry['matcher'])['options'] },
      properties: records(entry['properties']).map((property) => ({
        id: text(property['id']),
        value: property['value'],
      })),
    })),
  };
}

export type FieldConfigSource = ReturnType<typeof readFieldConfigSource>;

export function matches(override: Override, field: FieldFacts): boolean {
  const { id, options } = override.matcher;
  const isNamed = (name: unknown) => name === field.displayName || name === field.name;
  switch (id) {
    case 'byName':
      return isNamed(options);
    case 'byNames':
      return list(record(options)['names']).some(isNamed) !== (record(options)['mode'] === 'exclude');
    case 'byRegexp': {
      const pattern = compilePattern(text(options));
      return pattern !== undefined && (pattern.test(field.displayName) || pattern.test(field.name));
    }
    case 'byType':
      return options === field.type;
    case 'byFrameRefID':
      return options === field.refId;
    default:
      return false;
  }
}

/** `custom.lineWidth` → sets `lineWidth` inside `custom`; other ids are top-level properties. Never writes to the source. */
function withProperty(config: Json, id: string, value: unknown): Json {
  const [head = '', ...rest] = id.split('.');
  if (rest.length === 0) return { ...config, [head]: value };
  return { ...config, [head]: withProperty(record(config[head]), rest.join('.'), value) };
}

/** The configuration that holds for one field: defaults, then each matching override in order. */
export function fieldConfigFor(source: FieldConfigSource, field: FieldFacts): FieldConfig {
  let raw = source.defaults;
  for (const override of source.overrides) {
    if (!matches(override, field)) continue;
    for (const { id, value } of override.properties) raw = withProperty(raw, id, value);
  }
  return readFieldConfig(raw);
}

export function readFieldConfig(raw: Json) {
  const color = record(raw['color']);
  return {
    displayName: optionalText(raw['displayName']),
    unit: optionalText(raw['unit']),
    decimals: number(raw['decimals']),
    min: number(raw['min']),
    max: number(raw['max']),
    noValue: optionalText(raw['noValue']),
    colorMode: text(color['mode'], 'palette-classic'),
    fixedColor: optionalText(color['fixedColor']),
    thresholds: readThresholds(raw['thresholds']),
    mappings: readMappings(raw['mappings']),
    links: records(raw['links'])
      .map((link) => ({
        title: text(link['title'], 'Open'),
        url: text(link['url']),
        newTab: flag(link['targetBlank']),
      }))
      .filter((link) => link.url !== ''),
    custom: readCustom(record(raw['custom'])),
  };
}

export type FieldConfig = ReturnType<typeof readFieldConfig>;

function readThresholds(value: unknown) {
  const source = record(value);
  const steps = records(source['steps']).map((step) => ({
    /** The first step has none: it holds from minus infinity. */
    value: number(step['value']),
    color: text(step['color'], 'green'),
  }));
  return {
    mode: oneOf(source['mode'], ['absolute', 'percentage'], 'absolute'),
    steps: [...steps].sort(
      (a, b) => (a.value ?? Number.NEGATIVE_INFINITY) - (b.value ?? Number.NEGATIVE_INFINITY),
    ),
  };
}

export type Thresholds = ReturnType<typeof readThresholds>;

function readCustom(custom: Json) {
  const hide = record(custom['hideFrom']);
  const dash = record(custom['lineStyle']);
  const cell = record(custom['cellOptions']);
  return {
    drawStyle: oneOf(custom['drawStyle'], ['line', 'bars', 'points'], 'line'),
    lineInterpolation: oneOf(
      custom['lineInterpolation'],
      ['linear', 'smooth', 'stepBefore', 'stepAfter'],
      'linear',
    ),
    lineWidth: number(custom['lineWidth']) ?? 1.5,
    /** 0 to 100. */
    fillOpacity: number(custom['fillOpacity']) ?? 0,
    lineDash: dash['fill'] === 'dash' ? list(dash['dash']).flatMap((part) => number(part) ?? []) : undefined,
    /** True joins every gap; a number joins gaps up to so many milliseconds. */
    spanNulls: typeof custom['spanNulls'] === 'number' ? custom['spanNulls'] : flag(custom['spanNulls']),
    stacking: oneOf(record(custom['stacking'])['mode'], ['none', 'normal', 'percent'], 'none'),
    stackingGroup: text(record(custom['stacking'])['group']),
    thresholdsStyle: oneOf(
      record(custom['thresholdsStyle'])['mode'],
      ['off', 'line', 'dashed', 'area', 'line+area', 'dashed+area'],
      'off',
    ),
    axisPlacement: oneOf(custom['axisPlacement'], ['auto', 'left', 'right', 'hidden'], 'auto'),
    axisLabel: text(custom['axisLabel']),
    axisSoftMin: number(custom['axisSoftMin']),
    axisSoftMax: number(custom['axisSoftMax']),
    scale: oneOf(record(custom['scaleDistribution'])['type'], ['linear', 'log'], 'linear'),
    negative: custom['transform'] === 'negative-Y',
    fillBelowTo: optionalText(custom['fillBelowTo']),
    hideInLegend: flag(hide['legend']),
    hideInViz: flag(hide['viz']),
    cellType: oneOf(cell['type'], ['auto', 'color-text', 'color-background', 'gauge'], 'auto'),
    align: oneOf(custom['align'], ['auto', 'left', 'center', 'right'], 'auto'),
    /** Pixels. */
    width: number(custom['width']),
    hiddenColumn: flag(custom['hidden']),
  };
}
