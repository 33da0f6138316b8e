import { readManifest } from '@lab/manifest';
import { describe, expect, test } from 'vitest';
import { experiment, fullOnly, kubernetesOnly, liteOnly, load, minutesOld } from '../src/build/until.ts';
import { FULL_ONLY } from '../src/catalogue/full-only.ts';
import { unusedMetrics } from '../src/catalogue/unused.ts';
import { DASHBOARDS } from '../src/dashboards.ts';
import { isDemanded, type Verdict } from '../src/gate/check.ts';
import { dashboardQueries, otherQueries } from '../src/gate/collect.ts';
import { complaints } from '../src/gate/complaints.ts';
import { fillIn } from '../src/gate/fill-in.ts';
import { familyOf, metricNames } from '../src/gate/metric-names.ts';
import {
  goneMetrics,
  missingMetrics,
  ofTheServices,
  unaccountedMetrics,
  usedMetrics,
} from '../src/gate/metrics.ts';
import { promisesOf } from '../src/gate/promises.ts';
import { ROOT } from '../src/generate.ts';

const LITE = { standsIn: true, jobs: new Set(['prometheus']), minutesOfTraffic: 0 } as const;
const FULL = { standsIn: false, jobs: new Set(['prometheus', 'fluentd']) } as const;
const CLUSTER = { standsIn: false, jobs: new Set([...FULL.jobs, 'kube-state-metrics', 'kubelet']) } as const;

describe('what the gate demands', () => {
  test.each([
    ['nothing said', undefined, {}, true],
    ['a rule or runbook', 'trouble' as const, { experiment: 'api-errors' }, false],
    ['full only, in lite', fullOnly, {}, false],
    ['full only, in full', fullOnly, FULL, true],
    ['full only, of a part that this lab left out', fullOnly, { ...FULL, jobs: new Set(['jaeger']) }, false],
    ['of a cluster, in lite', kubernetesOnly, {}, false],
    ['of a cluster, in full', kubernetesOnly, FULL, false],
    ['of a cluster, in one', kubernetesOnly, CLUSTER, true],
    ['lite only, in lite', liteOnly, {}, true],
    ['lite only, in full', liteOnly, FULL, false],
    ['a load test, without one', load, {}, false],
    ['a load test, after one', load, { loaded: true }, true],
    ['its experiment', experiment('api-errors'), { experiment: 'api-errors' }, true],
    ['another experiment', experiment('api-errors'), { experiment: 'control' }, false],
    ['too young', minutesOld(8), { minutesOfTraffic: 7 }, false],
    ['old enough', minutesOld(8), { minutesOfTraffic: 8 }, true],
  ])('%s', (_, until, circumstances, demanded) => {
    const promql = until === liteOnly ? 'console_store_size_bytes' : 'fluentd_output_status_emit_records';
    const query = { promql, ...(until !== undefined && { until }) };
    expect(isDemanded(query, { ...LITE, ...circumstances })).toBe(demanded);
  });
});

describe('placeholders', () => {
  test('are filled with what a dashboard would ask', () => {
    expect(fillIn('rate(x{route=~"$route"}[$__rate_interval])', { route: '.*' })).toBe(
      'rate(x{route=~".*"}[1m])',
    );
  });
  test('of a replacement stay: they are Prometheus’ own', () => {
    expect(fillIn('label_replace(x, "a", "$1", "b", "(.*)")')).toContain('"$1"');
  });
  test('that nothing fills are refused', () => {
    expect(() => fillIn('x{a="$nobody"}')).toThrow('nothing fills $nobody');
  });
});

describe('metrics', () => {
  const query = (promql: string, kind: 'panel' | 'rule' | 'runbook' = 'panel') => ({
    kind,
    where: 'x',
    promql,
  });

  test('are read from an expression by its grammar', () => {
    expect(metricNames('sum by (up) (rate(a_total{b="c_total"}[1m])) / on (d) e:f')).toEqual([
      'a_total',
      'e:f',
    ]);
    expect(() => metricNames('sum(')).toThrow('not a PromQL expression');
  });
  test('that nothing exposes are named', () => {
    expect(missingMetrics([query('no_such_metric + up')], new Set(['up']), LITE.jobs)).toEqual([
      'x: no_such_metric',
    ]);
  });
  test('that will come (declared, recorded, of a part that this lab lacks) are not', () => {
    const coming =
      'http_requests_total + lab:request_rate:rate2m + fluentd_records_rejected_total + inbox_messages_total';
    expect(missingMetrics([query(coming)], new Set(), LITE.jobs)).toEqual([]);
    expect(missingMetrics([query('fluentd_records_rejected_total')], new Set(), FULL.jobs)).toHaveLength(1);
    expect(missingMetrics([query('node_memory_MemTotal_bytes')], new Set(), FULL.jobs)).toEqual([]);
    expect(missingMetrics([query('kube_pod_created')], new Set(), FULL.jobs)).toEqual([]);
    expect(missingMetrics([query('kube_pod_created')], new Set(), CLUSTER.jobs)).toEqual([
      'x: kube_pod_created',
    ]);
  });
  test('that are exposed and never looked at are named; a runbook alone is no use', () => {
    const queries = [query('a_bucket'), query('b', 'rule'), query('c', 'runbook')];
    const unused = new Map([['d', { why: 'why not' }]]);
    expect(unaccountedMetrics(['a', 'b', 'c', 'd'], queries, unused)).toEqual(['c']);
  });
  test('of the services are those of any one of them, and not their exporters’', () => {
    const byJob = new Map([
      ['taskmanager-worker', new Set(['a'])],
      ['lab-console', new Set(['b'])],
      ['postgres-exporter', new Set(['c'])],
    ]);
    expect([...ofTheServices(byJob)]).toEqual(['a', 'b']);
  });
  test('listed as unused and exposed no more are named; those of a part that this lab lacks are not', () => {
    const byJob = new Map([
      ['taskmanager-backend', new Set(['kept'])],
      ['prometheus', new Set(['of_prometheus', 'renamed'])],
    ]);
    const unused = new Map([
      ['kept', { why: 'x' }],
      ['renamed', { why: 'x' }],
      ['of_prometheus', { why: 'x', job: 'prometheus' }],
      ['gone_from_prometheus', { why: 'x', job: 'prometheus' }],
      ['of_fluentd', { why: 'x', job: 'fluentd' }],
    ]);
    expect(goneMetrics(byJob, unused)).toEqual(['renamed', 'gone_from_prometheus']);
  });
  const { parts } = readManifest(ROOT);
  const jobsOf = (some: typeof parts) => some.flatMap(({ scrapes }) => scrapes.map(({ job }) => job));
  test('of full mode alone are told by every job that lite does not scrape', () => {
    const more = jobsOf(parts.filter(({ lite }) => !lite?.scraped));
    expect(FULL_ONLY.map(({ job }) => job).sort()).toEqual(more.sort());
  });
  test('listed as unused with a job name one that some mode scrapes', () => {
    const scraped = jobsOf(parts);
    expect(scraped).toContain('fluentd');
    const jobs = [...unusedMetrics.values()].flatMap(({ job }) => job ?? []);
    expect(jobs.filter((job) => !scraped.includes(job))).toEqual([]);
  });
  test('listed as unused are used nowhere', () => {
    const used = usedMetrics([...dashboardQueries(DASHBOARDS), ...otherQueries()]);
    expect([...unusedMetrics.keys()].filter((name) => used.has(familyOf(name)))).toEqual([]);
  });
});

test('each kind of broken promise is a complaint that names it', () => {
  const verdict: Verdict = {
    standsIn: true,
    minutesOfTraffic: 12.5,
    dashboards: 1,
    panels: 1,
    panelsWithData: 0,
    queries: 2,
    failing: ['a: parse error'],
    empty: ['b'],
    missing: ['c: no_such_metric'],
    metricsExposed: 1,
    unaccounted: ['d'],
    gone: ['e'],
  };
  const said = complaints(verdict);
  expect(said).toHaveLength(5);
  for (const name of ['a: parse error', 'b', 'no_such_metric', 'never looked at: d', 'exposed no more: e'])
    expect(said.join('\n')).toContain(name);
  expect(promisesOf(verdict).map(({ broken }) => broken)).toEqual([
    ['a: parse error'],
    ['b'],
    ['c: no_such_metric', 'd', 'e'],
  ]);
});
