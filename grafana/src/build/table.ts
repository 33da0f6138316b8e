import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  type DataTransformerConfig,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Link } from './links.ts';
import type { Panel, PanelOptions } from './panel.ts';
import { prometheusPanel } from './prometheus-panel.ts';
import { type Query, refId } from './query.ts';
import type { Step } from './thresholds.ts';

/** A column of the table: a label of the series, or the value of one of the queries. */
export interface Column {
  /** Header. */
  title: string;
  /** The label, or `value` and the position of the query. */
  from: { label: string } | { value: number };
  unit?: string;
  decimals?: number;
  /** The cell's text in the colour of its value. */
  steps?: readonly Step[];
  /** Where a cell leads. */
  link?: Link;
  /** Pixels. */
  pixels?: number;
}

export interface TableOptions extends Omit<PanelOptions, 'queries'> {
  /** An expression alone, where nothing else is to be said. */
  queries: readonly (string | Query)[];
  columns: readonly Column[];
  /** Header of the column by which it is sorted, largest first. */
  sortBy?: string;
}

/** The newest values side by side: a row for each set of labels, joined over the queries. */
export function table(title: string, options: TableOptions): Panel {
  const { columns, sortBy } = options;
  const queries = options.queries.map((query) => (typeof query === 'string' ? { promql: query } : query));
  const asked = { ...options, queries };
  return prometheusPanel(title, asked, {
    shape: 'rows',
    builder: () => new PanelBuilder(),
    finish: (panel) => {
      panel
        .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
        .transformations(transformations(columns, queries.length, sortBy))
        .overrides(columns.flatMap(override));
      if (sortBy !== undefined)
        panel.sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]);
      return panel;
    },
  });
}

/** Grafana names the values `Value` for a single query and `Value #A` for several. */
function source({ from }: Column, queries: number): string {
  if ('label' in from) return from.label;
  return queries === 1 ? 'Value' : `Value #${refId(from.value)}`;
}

function transformations(
  columns: readonly Column[],
  queries: number,
  sortBy: string | undefined,
): DataTransformerConfig[] {
  const names = columns.map((column) => source(column, queries));
  return [
    // First, for rows are merged where all their labels agree, the metric's name among them.
    { id: 'filterFieldsByName', options: { include: { names } } },
    ...(queries > 1 ? [{ id: 'merge', options: {} }] : []),
    {
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
        renameByName: Object.fromEntries(columns.map((column, index) => [names[index] ?? '', column.title])),
        excludeByName: {},
      },
    },
    ...(sortBy === undefined ? [] : [{ id: 'sortBy', options: { sort: [{ field: sortBy, desc: true }] } }]),
  ];
}

function override(column: Column) {
  const properties: DynamicConfigValue[] = [];
  if (column.unit !== undefined) properties.push({ id: 'unit', value: column.unit });
  if (column.decimals !== undefined) properties.push({ id: 'decimals', value: column.decimals });
  if (column.pixels !== undefined) properties.push({ id: 'custom.width', value: column.pixels });
  if (column.steps !== undefined) {
    properties.push({ id: 'custom.cellOptions', value: { type: 'color-text' } });
    properties.push({
      id: 'thresholds',
      value: {
        mode: 'absolute',
        steps: column.steps.map(({ from, color }) => ({ value: Number.isFinite(from) ? from : null, color })),
      },
    });
  }
  if (column.link !== undefined)
    properties.push({ id: 'links', value: [{ ...column.link, targetBlank: false }] });
  return properties.length === 0 ? [] : [{ matcher: { id: 'byName', options: column.title }, properties }];
}
