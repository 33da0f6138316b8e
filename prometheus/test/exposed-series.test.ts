import * as definitions from '@lab/telemetry';
import { createTelemetry } from '@lab/telemetry';
import { JOB_OUTCOMES } from 'taskmanager-worker/metrics';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Query, ruleQueries, runbookQueries } from '../src/queries.ts';
import { files, read } from '../src/repository.ts';
import { SERVICE_METRICS } from '../src/service-metrics.ts';
import { seriesKinds } from './support/exposition.ts';
import { rulesIn } from './support/rules.ts';
import { readExpression } from './support/selectors.ts';

/** Labels that scraping, probing and alerting add to whatever is exposed. */
const ADDED = ['job', 'instance', 'kubernetes_node', 'target_name', 'le', '__name__'];

const exposed = await exposedSeries();
const jobs = new Set([
  ...files('prometheus/targets/**/*.yml').flatMap(jobsIn),
  ...scrapeJobsIn('prometheus/kubernetes.yml'),
]);

describe('rules and runbooks read only what is exposed', () => {
  const queries = [...ruleQueries(), ...runbookQueries()];

  test('there are queries', () => {
    expect(queries.length).toBeGreaterThan(300);
  });

  test.each(queries.map((query) => [query.where, query] as const))('%s', (_, query) => {
    expect(unknownIn(query)).toEqual([]);
  });
});

function unknownIn({ promql }: Query): string[] {
  const { selectors, labels } = readExpression(promql);
  const readable = new Set(ADDED);
  const unknown: string[] = [];
  for (const { metric, matchers } of selectors) {
    const known = exposed.get(metric);
    if (metric !== '' && known === undefined) unknown.push(`metric ${metric}`);
    for (const label of known ?? []) readable.add(label);
    for (const { label, operator, value } of matchers) {
      if (known !== undefined && !known.has(label) && !ADDED.includes(label))
        unknown.push(`label ${metric}{${label}}`);
      const values = VALUES[label];
      if (values === undefined || (metric.startsWith('pg_') && label === 'state')) continue;
      const matching = values.filter((each) =>
        operator.includes('~') ? new RegExp(`^(?:${unescaped(value)})$`).test(each) : each === value,
      );
      if (matching.length === 0) unknown.push(`value ${metric}{${label}${operator}"${value}"}`);
    }
  }
  // What a rule itself makes (labels of recording rules) is not listed anywhere: only plain metrics are held to their labels.
  const recorded = selectors.some(
    ({ metric }) => metric === '' || metric.includes(':') || metric === 'ALERTS',
  );
  if (!recorded)
    unknown.push(...labels.filter((label) => !readable.has(label)).map((label) => `grouping by ${label}`));
  return unknown;
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  job: [...jobs, 'blackbox'],
  status_code: ['200', '201', '204', '401', '404', '499', '500', '502', '503', '504'],
  route: ['/', '/assets/*', '/api/*', '/api/v1/users/login', '/api/v1/tasks', 'unmatched'],
  outcome: JOB_OUTCOMES,
  level: definitions.LOG_LEVELS,
  fault: definitions.FAULT_KINDS,
  operation: definitions.DATABASE_OPERATIONS,
  state: definitions.POOL_STATES,
  success: ['true', 'false'],
  signal: ['logs', 'spans'],
  queue: ['reminder', 'notification', 'dead-letter'],
  target_name: files('prometheus/targets/**/*.yml').flatMap((path) =>
    [...read(path).matchAll(/target_name: ([\w-]+)/g)].flatMap((match) => match[1] ?? []),
  ),
  alertname: files('prometheus/rules/*.yml').flatMap((path) =>
    rulesIn(path).flatMap((rule) => rule.alert ?? []),
  ),
};

function unescaped(value: string): string {
  return value.replaceAll('\\\\', '\\');
}

/** Label names by metric: of our own definitions, of the recorded tools, of recording rules. */
async function exposedSeries(): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>([
    ['up', new Set()],
    ['scrape_duration_seconds', new Set()],
    ['ALERTS', new Set(['alertname', 'alertstate', 'severity', 'service'])],
  ]);
  const add = (name: string, labels: readonly string[]) => {
    const known = found.get(name) ?? new Set();
    for (const label of labels) known.add(label);
    found.set(name, known);
  };
  for (const { name, type, labels } of SERVICE_METRICS.values()) {
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
      add(name + suffix, labels);
  }
  const kinds = files('prometheus/test/fixtures/series/*.txt').flatMap((path) =>
    read(path).trim().split('\n'),
  );
  for (const kind of [...kinds, ...(await nodeSeries())]) {
    const [, name = '', labels = ''] = /^(.*)\{(.*)\}$/.exec(kind) ?? [];
    add(name, labels.split(',').filter(Boolean));
  }
  for (const path of files('prometheus/rules/*.yml')) {
    for (const rule of rulesIn(path))
      if (rule.record !== undefined) add(rule.record, ['slo', 'service', 'job']);
  }
  return found;
}

/** The default metrics of a Node.js process, as our services expose them. */
async function nodeSeries(): Promise<string[]> {
  const telemetry = createTelemetry({
    service: { name: 'test', version: '0', instanceId: 'test', environment: 'test' },
    log: { stdout: false },
  });
  try {
    // A histogram that has seen nothing yet has no series, only its type.
    const exposition = await telemetry.registry.metrics();
    const histograms = [...exposition.matchAll(/^# TYPE (\w+) histogram$/gm)].flatMap(([, name]) =>
      ['bucket', 'sum', 'count'].map((suffix) => `${name}_${suffix}{kind}`),
    );
    return [...seriesKinds(exposition), ...histograms];
  } finally {
    await telemetry.shutdown();
  }
}

/** The jobs of a cluster that no file of targets has: those of the cluster itself. */
function scrapeJobsIn(path: string): string[] {
  const { scrape_configs } = parse(read(path), { merge: true }) as { scrape_configs: { job_name: string }[] };
  return scrape_configs.map(({ job_name }) => job_name);
}

function jobsIn(path: string): string[] {
  const groups = parse(read(path)) as { labels?: { job?: string } }[] | null;
  return (groups ?? []).flatMap(({ labels }) => labels?.job ?? []);
}
