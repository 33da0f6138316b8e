import {
  CountBuilder,
  DataqueryBuilder,
  LogsBuilder,
  TermsBuilder,
  TermsOrder,
} from '@grafana/grafana-foundation-sdk/elasticsearch';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { common, type Panel, type PanelOptions } from './panel.ts';

export const ELASTICSEARCH = { type: 'elasticsearch', uid: 'elasticsearch' } as const;

export interface LogTableOptions extends Omit<PanelOptions, 'queries'> {
  /** In the words of Lucene, which Grafana's data source speaks. */
  query: string;
  /** Count lines by these fields; without, the lines themselves. */
  by?: readonly string[];
}

/** Log lines, which only full mode has in Elasticsearch; lite leads to the console's own page by the panel's links. */
export function logTable(title: string, options: LogTableOptions): Panel {
  const { shows, normal, act, width = 12, height = 8, query, by = [] } = options;
  return {
    title,
    about: { shows, normal, act },
    queries: [],
    fullOnly: true,
    width,
    height,
    build: (id, place) =>
      common(new TableBuilder(), { id, place, title, options: { ...options, queries: [] } })
        .datasource(ELASTICSEARCH)
        .targets([by.length > 0 ? counted(query, by) : lines(query)]),
  };
}

function base(query: string): DataqueryBuilder {
  return new DataqueryBuilder().refId('A').datasource(ELASTICSEARCH).query(query).timeField('@timestamp');
}

function counted(query: string, by: readonly string[]): DataqueryBuilder {
  return base(query)
    .metrics([new CountBuilder().id('1')])
    .bucketAggs(
      by.map((field, index) =>
        new TermsBuilder()
          .id(String(index + 2))
          .field(field)
          .settings({ size: '10', min_doc_count: '1', order: TermsOrder.Desc, orderBy: '_count' }),
      ),
    );
}

function lines(query: string): DataqueryBuilder {
  return base(query)
    .metrics([new LogsBuilder().id('1')])
    .bucketAggs([]);
}
