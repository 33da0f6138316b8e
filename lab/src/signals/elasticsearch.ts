/** Asks Elasticsearch for log lines; a person sees them in Kibana, or in Grafana where there is no Kibana. */
import { z } from 'zod';
import { getJson } from '../get-json.ts';
import { accountForIndexedLines } from './indexed-lines.ts';
import type { LogStore } from './log-store.ts';

const hits = z.object({
  hits: z.object({ hits: z.array(z.object({ _source: z.record(z.string(), z.unknown()) })) }),
});

/** Index pattern of the log lines (elasticsearch/index-template.json). */
const LOGS = 'logs-taskmanager-default*';
/** Fluentd takes its time after an outage: half a minute from one attempt to the next (fluentd/pipeline.conf). */
const ARRIVAL_DEADLINE_MS = 90_000;

export interface ElasticsearchOptions {
  url: string;
  kibanaUrl: string | undefined;
  grafanaUrl: string | undefined;
  /** The time for which lines on their way are waited for, milliseconds. */
  deadlineMs?: number;
}

export function elasticsearchLogs(options: ElasticsearchOptions): LogStore {
  const { url, kibanaUrl, grafanaUrl, deadlineMs = ARRIVAL_DEADLINE_MS } = options;
  return {
    title: 'Elasticsearch',
    async ofRequest(requestId, signal) {
      const body = JSON.stringify({ size: 100, query: { term: { 'http.request.id': requestId } } });
      const search = `${url}/${LOGS}/_search?ignore_unavailable=true&allow_no_indices=true`;
      const found = hits.parse(await getJson(search, signal, { method: 'POST', body }));
      return found.hits.hits.map(({ _source: fields }) => ({
        service: text(fields['service.name']),
        message: text(fields['message']),
        fields,
      }));
    },
    async account(since, signal) {
      const { written, gaps, storedTwice, complete } = await accountForIndexedLines({
        elasticsearchUrl: url,
        since: new Date(since).toISOString(),
        deadlineMs,
        signal,
      });
      const behindMs = complete ? undefined : deadlineMs;
      return { written, gaps: 0, notStored: gaps, storedTwice, behindMs };
    },
    link: (requestId, range) =>
      kibanaUrl === undefined
        ? `${grafanaUrl ?? url}/explore`
        : discover(kibanaUrl, `http.request.id: "${requestId}"`, range),
  };
}

/** Returns Discover's address for the data view `logs-taskmanager`, with the columns that a person reads first. */
export function discover(
  kibanaUrl: string,
  query: string,
  { from, to }: { from: number; to: number },
): string {
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
  const time = `_g=(time:(from:'${iso(from)}',to:'${iso(to)}'))`;
  const columns = 'columns:!(service.name,log.level,message,http.request.id,trace.id)';
  const asked = `query:(language:kuery,query:'${encodeURIComponent(query)}')`;
  return `${kibanaUrl}/app/discover#/?${time}&_a=(dataSource:(dataViewId:logs-taskmanager,type:dataView),${columns},${asked})`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
