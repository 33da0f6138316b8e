import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_METRICS } from '@lab/prometheus/service-metrics';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from '../src/dashboards.ts';
import { familyOf, metricNames } from '../src/gate/metric-names.ts';
import { ROOT } from '../src/generate.ts';
import { drawnPanels } from './support/read-json.ts';

interface DataSource {
  uid: string;
  type: string;
  jsonData: {
    exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[];
    tracesToLogsV2?: { datasourceUid: string; customQuery: boolean; query: string };
    tracesToMetrics?: {
      datasourceUid: string;
      tags: { key: string; value: string }[];
      queries: { name: string; query: string }[];
    };
    dataLinks?: { field: string; datasourceUid: string; url: string }[];
    logLevelField?: string;
  };
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const { datasources } = parse(read('grafana/provisioning/datasources/lab.yaml')) as {
  datasources: DataSource[];
};
const source = (uid: string): DataSource => {
  const found = datasources.find((each) => each.uid === uid);
  if (found === undefined) throw new Error(`no data source "${uid}"`);
  return found;
};

test('dashboards ask only data sources that are provisioned, by the uid and type they have', () => {
  const asked = DASHBOARDS.flatMap((dashboard) => [
    ...JSON.stringify(dashboard.json()).matchAll(/"type":"(\w+)","uid":"(\w+)"/g),
  ]);
  expect(asked.length).toBeGreaterThan(100);
  for (const [, type, uid = ''] of asked) expect(source(uid).type).toBe(type);
});

describe('from one signal to the next, in Grafana', () => {
  test('an exemplar leads to its trace: under the label that services write', () => {
    expect(source('prometheus').jsonData.exemplarTraceIdDestinations).toEqual([
      expect.objectContaining({ name: 'trace_id', datasourceUid: 'jaeger' }),
    ]);
    expect(read('services/telemetry/src/metrics/lean-histogram.ts')).toContain('labelSet: { trace_id:');
  });

  test('exemplars are asked for where a histogram is shown', () => {
    const withDots = DASHBOARDS.flatMap((dashboard) => drawnPanels(dashboard.json())).filter(
      ({ targets = [] }) => targets.some((target) => 'exemplar' in target && target.exemplar === true),
    );
    expect(withDots.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'Distribution of durations',
        'Duration: p50, p90, p99',
        'Distribution of operations',
      ]),
    );
  });

  test('a trace leads to its log lines, and a log line to its trace, by the same field', () => {
    const { tracesToLogsV2 } = source('jaeger').jsonData;
    expect(tracesToLogsV2).toMatchObject({ datasourceUid: 'elasticsearch', customQuery: true });
    // A doubled dollar is Grafana's provisioning for one.
    expect(tracesToLogsV2?.query).toMatch(/^trace\.id:"\$\$\{__trace\.traceId\}"$/);
    expect(source('elasticsearch').jsonData.dataLinks).toEqual([
      expect.objectContaining({ field: 'trace.id', datasourceUid: 'jaeger' }),
    ]);
  });

  test('a trace leads to the metrics of its route: queries that are PromQL, about metrics that exist', () => {
    const { tracesToMetrics } = source('jaeger').jsonData;
    expect(tracesToMetrics?.tags).toEqual([{ key: 'http.route', value: 'route' }]);
    const known = new Set([...SERVICE_METRICS.keys()].map(familyOf));
    for (const { name, query } of tracesToMetrics?.queries ?? []) {
      const filled = query.replaceAll('$$__tags', 'route="/"').replaceAll('$$__rate_interval', '1m');
      const names = metricNames(filled);
      expect(names, name).not.toEqual([]);
      expect(names.filter((metric) => !known.has(familyOf(metric)))).toEqual([]);
    }
  });
});
