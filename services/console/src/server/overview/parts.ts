import type { Part } from '../../contract/overview.ts';
import type { Known } from '../../contract/problem.ts';
import { known } from '../alerts/active-alerts.ts';
import { call, type Upstream } from '../http/upstream.ts';
import type { InstantSample, PrometheusQueries } from '../prometheus/queries.ts';
import { type ListedPart, readListedParts } from './listed-parts.ts';

export interface PartSources {
  queries: PrometheusQueries;
  prometheus: Upstream;
  alertmanager: Upstream;
  /** @see readListedParts */
  partsFile: string;
}

/** Not scraped: its exporter says whether it answers. */
const DATABASE = 'postgres';
/** Its targets are addresses that the blackbox exporter looks at, not parts. */
const PROBES = 'blackbox';

type Target = Awaited<ReturnType<PrometheusQueries['targets']>>[number];

/** Every part as Prometheus sees it; Prometheus and Alertmanager themselves are asked directly. */
export async function parts(sources: PartSources): Promise<{ parts: Part[]; source: Known<'prometheus'> }> {
  const { queries } = sources;
  const [list, targets, memory, started, database, prometheusUp, alertmanagerUp] = await Promise.all([
    known(() => readListedParts(sources.partsFile)),
    known(() => queries.targets()),
    known(() => queries.query('process_resident_memory_bytes')),
    known(() => queries.query('process_start_time_seconds')),
    known(() => queries.query('pg_up')),
    known(() => healthy(sources.prometheus)),
    known(() => healthy(sources.alertmanager)),
  ]);
  const listed = list.status === 'known' ? list.value : [];
  const found: Part[] =
    targets.status === 'unknown'
      ? []
      : targets.value
          .filter(({ labels }) => labels['job'] !== PROBES)
          .map((target) => partOf(target, listed, valuesOf(memory), valuesOf(started)));
  if (found.some(({ name }) => name === 'postgres-exporter')) found.push(databaseOf(database, listed));
  const reason = targets.status === 'unknown' ? targets.reason : 'Prometheus has no target for it';
  // What this lab has and Prometheus does not know of is said to be unknown rather than left out.
  for (const { name, service, title, job } of listed)
    if ((job !== null || name === DATABASE) && !found.some((part) => part.name === service))
      found.push(blank(service, title, 'unknown', reason));
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
  const rank = (part: Part) => {
    const index = listed.findIndex(({ service }) => service === part.name);
    return index < 0 ? listed.length : index;
  };
  found.sort(
    (a, b) =>
      rank(a) - rank(b) || a.name.localeCompare(b.name) || (a.instance ?? '').localeCompare(b.instance ?? ''),
  );
  return {
    parts: found,
    source:
      list.status === 'unknown'
        ? list
        : targets.status === 'unknown'
          ? targets
          : { status: 'known', value: 'prometheus' },
  };
}

function partOf(
  target: Target,
  listed: readonly ListedPart[],
  memory: InstantSample[],
  started: InstantSample[],
): Part {
  const { job = 'unknown', instance = null } = target.labels;
  const own = (samples: InstantSample[]) =>
    samples.find(({ labels }) => labels['job'] === job && labels['instance'] === instance)?.value;
  const startSeconds = own(started);
  const part = listed.find((each) => each.job === job);
  return {
    name: part?.service ?? job,
    title: part?.title ?? null,
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

function databaseOf(answer: Known<InstantSample[]>, listed: readonly ListedPart[]): Part {
  const { service = DATABASE, title = null } = listed.find(({ name }) => name === DATABASE) ?? {};
  if (answer.status === 'unknown') return blank(service, title, 'unknown', answer.reason);
  const value = answer.value[0]?.value;
  if (value === undefined)
    return blank(service, title, 'unknown', 'no series pg_up: its exporter has not been scraped');
  return value === 1
    ? blank(service, title, 'up', null)
    : blank(service, title, 'down', 'its exporter cannot connect');
}

function blank(name: string, title: string | null, state: Part['state'], detail: string | null): Part {
  return {
    name,
    title,
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
