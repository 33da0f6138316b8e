import type { Part } from '../../contract/overview.ts';
import type { Known } from '../../contract/problem.ts';
import { known } from '../alerts/active-alerts.ts';
import { call, type Upstream } from '../http/upstream.ts';
import type { InstantSample, PrometheusQueries } from '../prometheus/queries.ts';

export interface PartSources {
  queries: PrometheusQueries;
  prometheus: Upstream;
  alertmanager: Upstream;
}

/** Job names of Prometheus for our own services. */
const NAMES: Readonly<Record<string, string>> = {
  'taskmanager-backend': 'taskmanager-api',
  'taskmanager-frontend': 'taskmanager-web',
};
/** What a lab has in either mode: missing ones are said to be unknown rather than left out. */
const EXPECTED = [
  'taskmanager-web',
  'taskmanager-api',
  'taskmanager-worker',
  'postgres',
  'prometheus',
  'alertmanager',
  'lab-console',
];
/** Its targets are addresses that the blackbox exporter looks at, not parts. */
const PROBES = 'blackbox';

type Target = Awaited<ReturnType<PrometheusQueries['targets']>>[number];

/** Every part as Prometheus sees it; Prometheus and Alertmanager themselves are asked directly. */
export async function parts(sources: PartSources): Promise<{ parts: Part[]; source: Known<'prometheus'> }> {
  const { queries } = sources;
  const [targets, memory, started, database, prometheusUp, alertmanagerUp] = await Promise.all([
    known(() => queries.targets()),
    known(() => queries.query('process_resident_memory_bytes')),
    known(() => queries.query('process_start_time_seconds')),
    known(() => queries.query('pg_up')),
    known(() => healthy(sources.prometheus)),
    known(() => healthy(sources.alertmanager)),
  ]);
  const found: Part[] =
    targets.status === 'unknown'
      ? []
      : targets.value
          .filter(({ labels }) => labels['job'] !== PROBES)
          .map((target) => partOf(target, valuesOf(memory), valuesOf(started)));
  if (found.some(({ name }) => name === 'postgres-exporter')) found.push(databaseOf(database));
  const reason = targets.status === 'unknown' ? targets.reason : 'Prometheus has no target for it';
  for (const name of EXPECTED)
    if (!found.some((part) => part.name === name)) found.push(blank(name, 'unknown', reason));
  for (const [name, answer] of Object.entries({ prometheus: prometheusUp, alertmanager: alertmanagerUp })) {
    const part = found.find((candidate) => candidate.name === name);
    if (part)
      Object.assign(
        part,
        answer.status === 'known' ? { state: 'up', detail: null } : { state: 'down', detail: answer.reason },
      );
  }
  const own = found.find(({ name }) => name === 'lab-console');
  if (own && own.state !== 'up') Object.assign(own, { state: 'up', detail: `it answers you; ${own.detail}` });
  found.sort(
    (a, b) =>
      rank(a) - rank(b) || a.name.localeCompare(b.name) || (a.instance ?? '').localeCompare(b.instance ?? ''),
  );
  return {
    parts: found,
    source: targets.status === 'known' ? { status: 'known', value: 'prometheus' } : targets,
  };
}

function rank({ name }: Part): number {
  const index = EXPECTED.indexOf(name);
  return index < 0 ? EXPECTED.length : index;
}

function partOf(target: Target, memory: InstantSample[], started: InstantSample[]): Part {
  const { job = 'unknown', instance = null } = target.labels;
  const own = (samples: InstantSample[]) =>
    samples.find(({ labels }) => labels['job'] === job && labels['instance'] === instance)?.value;
  const startSeconds = own(started);
  return {
    name: NAMES[job] ?? job,
    job,
    instance,
    state: target.health,
    detail: target.lastError || (target.health === 'unknown' ? 'not scraped yet' : null),
    lastSeenAt: target.health === 'up' ? momentOf(target.lastScrape) : null,
    memoryBytes: target.health === 'up' ? (own(memory) ?? null) : null,
    startedAt:
      target.health === 'up' && startSeconds !== undefined
        ? new Date(startSeconds * 1000).toISOString()
        : null,
  };
}

function databaseOf(answer: Known<InstantSample[]>): Part {
  if (answer.status === 'unknown') return blank('postgres', 'unknown', answer.reason);
  const value = answer.value[0]?.value;
  if (value === undefined)
    return blank('postgres', 'unknown', 'no series pg_up: its exporter has not been scraped');
  return blank('postgres', value === 1 ? 'up' : 'down', value === 1 ? null : 'its exporter cannot connect');
}

function blank(name: string, state: Part['state'], detail: string | null): Part {
  return {
    name,
    job: null,
    instance: null,
    state,
    detail,
    lastSeenAt: null,
    memoryBytes: null,
    startedAt: null,
  };
}

async function healthy(upstream: Upstream): Promise<true> {
  const { ok, status } = await call(upstream, '/-/healthy');
  if (!ok) throw new Error(`${upstream.name} answered ${status} to /-/healthy`);
  return true;
}

function valuesOf(answer: Known<InstantSample[]>): InstantSample[] {
  return answer.status === 'known' ? answer.value : [];
}

function momentOf(time: string): string | null {
  const ms = Date.parse(time);
  return Number.isNaN(ms) || ms <= 0 ? null : new Date(ms).toISOString();
}
