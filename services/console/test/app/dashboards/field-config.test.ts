import { describe, expect, it } from 'vitest';
import { namedColor } from '../../../src/app/dashboards/model/colors.ts';
import { fieldColor } from '../../../src/app/dashboards/model/field-color.ts';
import {
  fieldConfigFor,
  readFieldConfig,
  readFieldConfigSource,
} from '../../../src/app/dashboards/model/field-config.ts';
import { activeThreshold, thresholdBands } from '../../../src/app/dashboards/model/thresholds.ts';
import { mapValue } from '../../../src/app/dashboards/model/value-mappings.ts';

const facts = { displayName: 'p99', name: 'Value', type: 'number', refId: 'C' };
const override = (id: string, options: unknown, properties: [string, unknown][]) => ({
  matcher: { id, options },
  properties: properties.map(([property, value]) => ({ id: property, value })),
});

describe('overrides', () => {
  const source = (overrides: unknown[]) =>
    readFieldConfigSource({ defaults: { unit: 's', custom: { lineWidth: 1, fillOpacity: 5 } }, overrides });

  it.each([
    ['byName', 'p99', true],
    ['byName', 'p9', false],
    ['byRegexp', '/^p9\\d$/', true],
    ['byRegexp', 'p.*', true],
    ['byRegexp', '9', false],
    ['byRegexp', '/(/', false],
    ['byFrameRefID', 'C', true],
    ['byType', 'number', true],
    ['byNames', { mode: 'exclude', names: ['p50'] }, true],
    ['byNames', { mode: 'include', names: ['p50'] }, false],
    ['byValue', {}, false],
  ])('%s %j reaches p99: %s', (id, options, reached) => {
    const config = fieldConfigFor(source([override(id, options, [['unit', 'ms']])]), facts);
    expect(config.unit).toBe(reached ? 'ms' : 's');
  });

  it('sets nested properties without touching their neighbours, later ones winning', () => {
    const config = fieldConfigFor(
      source([
        override('byName', 'p99', [['custom.lineWidth', 3]]),
        override('byName', 'p99', [['custom.lineWidth', 4]]),
      ]),
      facts,
    );
    expect(config.custom).toMatchObject({ lineWidth: 4, fillOpacity: 5 });
  });
});

describe('thresholds', () => {
  const read = (mode: string, steps: [number | null, string][]) =>
    readFieldConfig({ thresholds: { mode, steps: steps.map(([value, color]) => ({ value, color })) } })
      .thresholds;
  const ends = { min: undefined, max: undefined };

  it('takes the highest step that a value has reached', () => {
    const thresholds = read('absolute', [
      [null, 'green'],
      [1, 'red'],
      [0.3, 'yellow'],
    ]);
    const colors = [0.1, 0.3, 0.99, 1, 7].map((value) => activeThreshold(thresholds, value, ends).color);
    expect(colors).toEqual(['green', 'amber', 'amber', 'red', 'red'].map((hue) => `var(--c-${hue})`));
  });
  it('shows the base colour where there is no value', () => {
    expect(
      activeThreshold(
        read('absolute', [
          [null, 'blue'],
          [1, 'red'],
        ]),
        undefined,
        ends,
      ).color,
    ).toBe('var(--c-blue)');
  });
  it('reads percentages as shares of min to max', () => {
    const thresholds = read('percentage', [
      [null, 'green'],
      [50, 'red'],
    ]);
    expect(thresholdBands(thresholds, { min: 0, max: 10 })).toEqual([
      { from: Number.NEGATIVE_INFINITY, to: 5, color: 'var(--c-green)' },
      { from: 5, to: Number.POSITIVE_INFINITY, color: 'var(--c-red)' },
    ]);
  });
});

describe('value mappings', () => {
  const { mappings } = readFieldConfig({
    mappings: [
      { type: 'value', options: { 0: { text: 'down', color: 'red' }, 1: { text: 'up' } } },
      { type: 'range', options: { from: 2, to: 5, result: { text: 'some' } } },
      { type: 'special', options: { match: 'null+nan', result: { text: 'nothing' } } },
      { type: 'regex', options: { pattern: '/^v(\\d+)$/', result: { text: 'a version' } } },
    ],
  });
  it.each([
    [0, 'down'],
    [1, 'up'],
    [3, 'some'],
    [9, undefined],
    [null, 'nothing'],
    [Number.NaN, 'nothing'],
    ['v12', 'a version'],
  ])('shows %j as %j', (value, text) => {
    expect(mapValue(mappings, value)?.text).toBe(text);
  });
});

describe('colours', () => {
  it('draws Grafana’s names in the console’s hues', () => {
    expect(namedColor('dark-red')).toBe('var(--c-red)');
    expect(namedColor('#ff0000')).toBe('#ff0000');
    expect(namedColor('rgba(0, 211, 255, 1)')).toBe('rgba(0, 211, 255, 1)');
  });
  it.each(['red;background:url(https://example.org)', 'url(x)', 'var(--x)', 'expression(alert(1))', ''])(
    'takes no style from %j',
    (name) => {
      expect(namedColor(name)).toBe('var(--c-slate)');
    },
  );
  it('mixes between hues on a continuous scale', () => {
    const config = readFieldConfig({ color: { mode: 'continuous-GrYlRd' } });
    const at = (value: number) => fieldColor(config, { index: 0, value, min: 0, max: 10 });
    expect([at(0), at(5), at(10)]).toEqual(['var(--c-green)', 'var(--c-amber)', 'var(--c-red)']);
    expect(at(7.5)).toBe('color-mix(in oklab, var(--c-red) 50%, var(--c-amber))');
  });
});
