/**
 * What Kibana is given: saved searches, visualizations and a dashboard over the data view `logs-taskmanager` (kibana/data-view.json), as
 * lines for its import API: https://www.elastic.co/docs/api/doc/kibana/operation/operation-post-saved-objects-import
 *
 * Kept to aggregation-based visualizations: their stored form has been the same since Kibana 7, and later versions migrate it by
 * the version that each object names.
 */
import { alertThreshold } from '../build/thresholds.ts';

const DATA_VIEW = 'logs-taskmanager';
const SEARCH_SOURCE = 'kibanaSavedObjectMeta.searchSourceJSON.index';

interface Reference {
  id: string;
  name: string;
  type: string;
}

interface SavedObject {
  id: string;
  type: 'search' | 'visualization' | 'dashboard';
  attributes: Record<string, unknown>;
  references: Reference[];
  /** The stored form's own version, from which Kibana migrates: those of 8.8, which every 9 can read. */
  typeMigrationVersion: string;
  coreMigrationVersion: string;
}

const SLOW_NANOSECONDS = alertThreshold('SlowAPIResponse') * 1e9;

function source(query: string, index = true) {
  return {
    searchSourceJSON: JSON.stringify({
      query: { query, language: 'kuery' },
      filter: [],
      ...(index && { indexRefName: SEARCH_SOURCE }),
    }),
  };
}

const overDataView: Reference = { id: DATA_VIEW, name: SEARCH_SOURCE, type: 'index-pattern' };

interface Search {
  id: string;
  title: string;
  description: string;
  query: string;
  columns: string[];
  oldestFirst?: boolean;
}

const SEARCHES: readonly Search[] = [
  {
    id: 'taskmanager-errors',
    title: 'Errors',
    description: 'Log lines of level error, newest first. trace.id leads to the trace.',
    query: 'log.level : "error"',
    columns: ['service.name', 'error.type', 'message', 'http.route', 'trace.id'],
  },
  {
    id: 'taskmanager-slow-requests',
    title: 'Slow requests',
    description: 'Requests that took longer than the threshold of SlowAPIResponse.',
    query: `event.duration > ${SLOW_NANOSECONDS} and http.request.method : *`,
    columns: [
      'service.name',
      'http.request.method',
      'http.route',
      'event.duration',
      'http.response.status_code',
      'trace.id',
    ],
  },
  {
    id: 'taskmanager-one-request',
    title: 'One request’s story',
    description:
      'Every line of one request, in its order, through all services: put its id (x-request-id of the answer) in place of *.',
    query: 'http.request.id : *',
    columns: ['service.name', 'log.level', 'message', 'http.request.id', 'event.duration', 'trace.id'],
    oldestFirst: true,
  },
];

function search({ id, title, description, query, columns, oldestFirst = false }: Search): SavedObject {
  return {
    id,
    type: 'search',
    attributes: {
      title,
      description,
      columns,
      sort: [['@timestamp', oldestFirst ? 'asc' : 'desc']],
      hits: 0,
      version: 1,
      kibanaSavedObjectMeta: source(query),
    },
    references: [overDataView],
    typeMigrationVersion: '8.0.0',
    coreMigrationVersion: '8.8.0',
  };
}

interface Aggregation {
  id: string;
  enabled: true;
  type: string;
  schema: string;
  params: Record<string, unknown>;
}

const count: Aggregation = { id: '1', enabled: true, type: 'count', schema: 'metric', params: {} };

function metric(id: string, type: string, field: string, customLabel: string, more = {}): Aggregation {
  return { id, enabled: true, type, schema: 'metric', params: { field, customLabel, ...more } };
}

function terms(id: string, schema: string, field: string, size = 10, orderBy = '1'): Aggregation {
  return { id, enabled: true, type: 'terms', schema, params: { field, size, order: 'desc', orderBy } };
}

const overTime: Aggregation = {
  id: '2',
  enabled: true,
  type: 'date_histogram',
  schema: 'segment',
  params: { field: '@timestamp', interval: 'auto', min_doc_count: 1, useNormalizedEsInterval: true },
};

interface Visualization {
  id: string;
  title: string;
  description: string;
  type: 'histogram' | 'pie' | 'table';
  query: string;
  params: Record<string, unknown>;
  aggs: Aggregation[];
}

const VISUALIZATIONS: readonly Visualization[] = [
  {
    id: 'taskmanager-volume',
    title: 'Volume by level',
    description: 'Log lines over time. A step is a change of traffic; red in it is trouble.',
    type: 'histogram',
    query: '',
    params: { addLegend: true, addTooltip: true, legendPosition: 'right', mode: 'stacked' },
    aggs: [count, overTime, terms('3', 'group', 'log.level', 5)],
  },
  {
    id: 'taskmanager-levels',
    title: 'Levels by service',
    description: 'Which service logs how much, at which level.',
    type: 'pie',
    query: '',
    params: { addLegend: true, addTooltip: true, legendPosition: 'right', isDonut: true },
    aggs: [count, terms('2', 'segment', 'service.name', 5), terms('3', 'segment', 'log.level', 5)],
  },
  {
    id: 'taskmanager-top-errors',
    title: 'Top errors',
    description: 'Errors by service, type and route, most frequent first.',
    type: 'table',
    query: 'log.level : "error"',
    params: { perPage: 10, showTotal: false, totalFunc: 'sum' },
    aggs: [
      count,
      terms('2', 'bucket', 'service.name', 5),
      terms('3', 'bucket', 'error.type'),
      terms('4', 'bucket', 'http.route'),
    ],
  },
  {
    id: 'taskmanager-slowest-routes',
    title: 'Slowest routes',
    description: 'Routes by the mean duration of their requests, slowest first.',
    type: 'table',
    query: 'http.request.method : *',
    params: { perPage: 10, showTotal: false, totalFunc: 'sum' },
    aggs: [
      metric('1', 'avg', 'event.duration', 'mean'),
      metric('2', 'max', 'event.duration', 'slowest'),
      { ...count, id: '3' },
      terms('4', 'bucket', 'http.route'),
    ],
  },
];

function visualization({ id, title, description, type, query, params, aggs }: Visualization): SavedObject {
  return {
    id,
    type: 'visualization',
    attributes: {
      title,
      description,
      visState: JSON.stringify({ title, type, params: { type, ...params }, aggs }),
      uiStateJSON: '{}',
      version: 1,
      kibanaSavedObjectMeta: source(query),
    },
    references: [overDataView],
    typeMigrationVersion: '8.5.0',
    coreMigrationVersion: '8.8.0',
  };
}

/** Place on Kibana's grid of 48 columns. */
const PANELS = [
  { type: 'visualization', id: 'taskmanager-volume', grid: { x: 0, y: 0, w: 32, h: 12 } },
  { type: 'visualization', id: 'taskmanager-levels', grid: { x: 32, y: 0, w: 16, h: 12 } },
  { type: 'visualization', id: 'taskmanager-top-errors', grid: { x: 0, y: 12, w: 24, h: 14 } },
  { type: 'visualization', id: 'taskmanager-slowest-routes', grid: { x: 24, y: 12, w: 24, h: 14 } },
  { type: 'search', id: 'taskmanager-errors', grid: { x: 0, y: 26, w: 48, h: 16 } },
] as const;

const dashboard: SavedObject = {
  id: 'taskmanager-logs',
  type: 'dashboard',
  attributes: {
    title: 'Task manager logs',
    description: 'How much is logged, what fails, which routes are slow.',
    panelsJSON: JSON.stringify(
      PANELS.map(({ type, grid }, index) => ({
        type,
        panelIndex: String(index),
        panelRefName: `panel_${index}`,
        gridData: { ...grid, i: String(index) },
        embeddableConfig: {},
      })),
    ),
    optionsJSON: JSON.stringify({ useMargins: true, hidePanelTitles: false, syncColors: false }),
    timeRestore: true,
    timeFrom: 'now-30m',
    timeTo: 'now',
    refreshInterval: { pause: false, value: 10_000 },
    version: 1,
    kibanaSavedObjectMeta: source('', false),
  },
  references: PANELS.map(({ type, id }, index) => ({ id, type, name: `${index}:panel_${index}` })),
  typeMigrationVersion: '8.7.0',
  coreMigrationVersion: '8.8.0',
};

/** One JSON object a line, those that others refer to first. */
export function kibanaObjects(): readonly SavedObject[] {
  return [...SEARCHES.map(search), ...VISUALIZATIONS.map(visualization), dashboard];
}

export function kibanaImport(): string {
  return `${kibanaObjects()
    .map((object) => JSON.stringify(object))
    .join('\n')}\n`;
}
