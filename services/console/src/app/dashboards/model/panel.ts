/** A dashboard file read into panels, without trusting it: classic JSON as Grafana 12 exports it (`panels` with `gridPos`). */
import { readFieldConfigSource } from './field-config.ts';
import { flag, type Json, number, oneOf, optionalText, record, records, text, texts } from './read.ts';
import { readTransformations } from './transformations/index.ts';
import { readVariables } from './variables.ts';

export interface Row {
  id: number;
  title: string;
  collapsed: boolean;
  panels: readonly Panel[];
}

function readGrid(value: unknown) {
  const grid = record(value);
  const w = Math.min(24, Math.max(1, number(grid['w']) ?? 12));
  return {
    x: Math.min(24 - w, Math.max(0, number(grid['x']) ?? 0)),
    y: Math.max(0, number(grid['y']) ?? 0),
    w,
    h: Math.min(60, Math.max(1, number(grid['h']) ?? 8)),
  };
}

/** Grafana's other query languages cannot be asked here; a target without a type inherits the panel's. */
function isPrometheus(datasource: unknown): boolean {
  const type = record(datasource)['type'];
  return type === undefined || type === 'prometheus' || text(type).startsWith('$');
}

/** @returns a text in place of a target that cannot be asked: what it is. */
function readTarget(source: Json, panel: Json) {
  const refId = text(source['refId'], 'A');
  if (flag(source['hide'])) return undefined;
  if (!isPrometheus(source['datasource'] ?? panel['datasource']))
    return `query ${refId} asks a data source of type ${text(record(source['datasource'] ?? panel['datasource'])['type'])}`;
  const expr = optionalText(source['expr']);
  if (expr === undefined) return undefined;
  return {
    refId,
    expr,
    legendFormat: optionalText(source['legendFormat']),
    format: oneOf(source['format'], ['time_series', 'table', 'heatmap'], 'time_series'),
    instant: flag(source['instant']) && !flag(source['range']),
    exemplar: flag(source['exemplar']),
    interval: optionalText(source['interval']),
  };
}

export type Target = Exclude<ReturnType<typeof readTarget>, string | undefined>;

const readLinks = (value: unknown) =>
  records(value)
    .map((link) => ({
      title: text(link['title'], text(link['url'])),
      url: text(link['url']),
      keepTime: flag(link['keepTime']),
    }))
    .filter(({ url }) => url !== '');

export function readPanel(source: Json) {
  const targets = records(source['targets']).map((target) => readTarget(target, source));
  return {
    id: number(source['id']) ?? 0,
    type: text(source['type'], 'unknown'),
    title: text(source['title']),
    description: optionalText(source['description']),
    grid: readGrid(source['gridPos']),
    targets: targets.filter((target): target is Target => typeof target === 'object'),
    /** Targets that are hidden or of another data source are left out; these say which. */
    leftOut: targets.filter((target): target is string => typeof target === 'string'),
    fieldConfig: readFieldConfigSource(source['fieldConfig']),
    options: record(source['options']),
    transformations: readTransformations(source['transformations']),
    interval: optionalText(source['interval']),
    maxDataPoints: number(source['maxDataPoints']),
    links: readLinks(source['links']),
    /** Only the panel's own range: `1h` ends where the dashboard's does. */
    timeFrom: optionalText(source['timeFrom']),
    /** Settings that change what is shown and that are not honoured here, in words. */
    notHonoured: [
      ...(optionalText(source['timeShift']) === undefined ? [] : ['time shift']),
      ...(optionalText(source['repeat']) === undefined
        ? []
        : [`repetition for each “${text(source['repeat'])}”`]),
      ...(source['libraryPanel'] === undefined ? [] : ['library panel']),
    ],
  };
}

export type Panel = ReturnType<typeof readPanel>;

/** A row owns the panels nested in it when collapsed, and those that follow it when open. */
function readRows(panels: readonly Json[]): Row[] {
  const rows: { id: number; title: string; collapsed: boolean; panels: Panel[] }[] = [
    { id: -1, title: '', collapsed: false, panels: [] },
  ];
  const ordered = [...panels].sort((a, b) => {
    const [left, right] = [readGrid(a['gridPos']), readGrid(b['gridPos'])];
    return left.y - right.y || left.x - right.x;
  });
  for (const source of ordered) {
    if (source['type'] === 'row') {
      const collapsed = flag(source['collapsed']);
      const nested = records(source['panels']).map(readPanel);
      rows.push({
        id: number(source['id']) ?? rows.length,
        title: text(source['title']),
        collapsed,
        panels: nested,
      });
    } else rows.at(-1)?.panels.push(readPanel(source));
  }
  return rows.filter((row, index) => index > 0 || row.panels.length > 0);
}

function readAnnotations(value: unknown) {
  return records(record(value)['list']).flatMap((source) => {
    const expr = optionalText(source['expr']) ?? optionalText(record(source['target'])['expr']);
    if (expr === undefined || source['enable'] === false || !isPrometheus(source['datasource'])) return [];
    return [
      {
        name: text(source['name'], 'Annotation'),
        expr,
        color: text(source['iconColor'], 'blue'),
        titleFormat: text(source['titleFormat']),
        textFormat: text(source['textFormat']),
        step: optionalText(source['step']),
        useValueForTime: flag(source['useValueForTime']),
      },
    ];
  });
}

export type Annotation = ReturnType<typeof readAnnotations>[number];

/** @throws TypeError where the file is no dashboard at all. Everything smaller is tolerated and shown in its place. */
export function readDashboard(value: unknown) {
  const outer = record(value);
  const source = Array.isArray(outer['panels']) ? outer : record(outer['dashboard']);
  if (!Array.isArray(source['panels']))
    throw new TypeError('expected a Grafana dashboard with a list of panels');
  const time = record(source['time']);
  return {
    uid: text(source['uid']),
    title: text(source['title'], 'Untitled dashboard'),
    description: optionalText(source['description']),
    tags: texts(source['tags']),
    from: text(time['from'], 'now-30m'),
    to: text(time['to'], 'now'),
    refresh: optionalText(source['refresh']),
    variables: readVariables(source['templating']),
    annotations: readAnnotations(source['annotations']),
    /** Panels before the first row, then each row's. A row without a title is the unnamed first one. */
    rows: readRows(records(source['panels'])),
    links: readLinks(source['links']),
  };
}

export type Dashboard = ReturnType<typeof readDashboard>;
