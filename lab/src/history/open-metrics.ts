/**
 * The past as OpenMetrics text, minute after minute, so that no more than a minute of it is ever in memory.
 *
 * Raw series carry `synthetic="history"`: they are series of their own, so no rate runs across the seam to what the lab
 * measured. Recorded series carry no mark, just as the rules' own results would not (their `sum` drops it): they continue in
 * the lab's series, which is what lets 30-day windows reach into the past.
 */
import type { Objectives } from '@lab/prometheus';
import { RecordedRates } from './recorded-rates.ts';
import { behaviourAt, MINUTE, type Phase, type Timeline } from './timeline.ts';
import { BUCKETS, type RouteCounters, Traffic } from './traffic.ts';

/** Label that tells invented raw series from measured ones. */
export const MARK = { synthetic: 'history' } as const;

const PHASES = (['ordinary', 'incident', 'leak'] satisfies Phase[]).map((phase) => ({ phase, ...MARK }));
const WEB = { job: 'taskmanager-frontend', instance: 'history', route: '/api/*', ...MARK };
const API = { job: 'taskmanager-backend', instance: 'history', ...MARK };

/** Yields the samples of one minute at a time, oldest first; without the closing `# EOF`. */
export function* openMetrics(
  timeline: Timeline,
  objectives: Objectives,
): Generator<{ time: number; text: string }, undefined> {
  const traffic = new Traffic();
  const recorded = objectives.objectives.map((objective) => new RecordedRates(objective, objectives));
  for (let time = timeline.from; time <= timeline.to; time += MINUTE) {
    const behaviour = behaviourAt(timeline, time);
    traffic.advance(behaviour);
    const counters = traffic.counters();
    const stamp = ` ${time / 1000}\n`;
    let text = '';
    const sample = (name: string, labels: Record<string, string>, value: number) => {
      text += series(name, labels) + value + stamp;
    };
    for (const route of counters) httpSamples(route, sample);
    sample('process_resident_memory_bytes', API, Math.round(behaviour.memoryBytes));
    // For annotations: what the past was meant to be at each time.
    for (const labels of PHASES)
      sample('lab_history_phase', labels, behaviour.phase === labels.phase ? 1 : 0);
    for (const rates of recorded)
      for (const [name, value] of rates.record(time, counters)) sample(name, rates.labels, value);
    yield { time, text };
  }
}

type AddSample = (name: string, labels: Record<string, string>, value: number) => void;

/** Series of a route, made once: their labels are the same every minute. */
const labelSets = new Map<
  string,
  { own: Record<string, string>; buckets: Record<string, string>[]; last: Record<string, string> }
>();

function httpSamples({ method, status, count, cumulative, sum }: RouteCounters, add: AddSample): void {
  const key = `${method} ${status}`;
  const known = labelSets.get(key) ?? labelsOf(method, status);
  labelSets.set(key, known);
  add('http_requests_total', known.own, count);
  known.buckets.forEach((labels, index) => {
    add('http_request_duration_seconds_bucket', labels, cumulative[index] ?? 0);
  });
  add('http_request_duration_seconds_bucket', known.last, count);
  add('http_request_duration_seconds_count', known.own, count);
  add('http_request_duration_seconds_sum', known.own, Number(sum.toFixed(3)));
}

function labelsOf(method: string, status: string) {
  const own: Record<string, string> = { ...WEB, method, status_code: status };
  return {
    own,
    // The spelling that prometheus.yml gives scraped buckets.
    buckets: BUCKETS.map((le) => ({ ...own, le: Number.isInteger(le) ? `${le}.0` : String(le) })),
    last: { ...own, le: '+Inf' },
  };
}

/** Written once for each set of labels: making this text anew is most of the cost. */
const written = new WeakMap<Record<string, string>, Map<string, string>>();

function series(name: string, labels: Record<string, string>): string {
  const byName = written.get(labels) ?? new Map<string, string>();
  written.set(labels, byName);
  const text =
    byName.get(name) ??
    `${name}{${Object.entries(labels)
      .map(([label, value]) => `${label}="${value}"`)
      .join(',')}} `;
  byName.set(name, text);
  return text;
}
