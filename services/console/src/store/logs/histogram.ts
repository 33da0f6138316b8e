import type { DatabaseSync } from 'node:sqlite';
import { LOG_LEVELS, type LogHistogram } from '../../contract/logs.ts';
import { matches } from '../query/evaluate.ts';
import { EVERY, levelWord, serviceWord } from '../query/narrow.ts';
import type { Query } from '../query/syntax-tree.ts';
import { IDS_PER_SECOND, timeOfId } from '../records/time-coded-id.ts';
import { numberOf } from '../sqlite/transaction.ts';
import { type Plan, scan } from './plan.ts';
import { minuteTable, secondTable, wordTable } from './schema.ts';

export interface HistogramOptions {
  fromMs: number;
  toMs: number;
  /** At most so many bars. */
  bars: number;
  by: 'level' | 'service';
  levels: string[];
  services: string[];
}

/** Seconds; each divides a minute, an hour or a day, so that bars begin on round times (UTC). */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
/** Services drawn by name; the rest together. */
const MOST_SERVICES = 12;

/** bar → key (level or service number) → records */
type Counts = Map<number, Map<number, number>>;

/**
 * Records per bar, split by level or service. Where only levels and services are asked for the roll-ups answer; with words the index does, since its
 * row ids carry the time; only phrases, ranges and single fields need the records themselves, and stop when the time is up.
 */
export function histogram(
  database: DatabaseSync,
  plan: Plan,
  options: HistogramOptions,
): Omit<LogHistogram, 'tookMs'> {
  const { step, firstBar, lastBar, counts, countedFrom } = count(database, plan, options);
  return {
    ...drawn(counts, plan, options.by, step, firstBar, lastBar),
    from: iso(options.fromMs),
    to: iso(options.toMs),
    stepSeconds: step,
    by: options.by,
    complete: countedFrom <= options.fromMs,
    countedFrom: iso(Math.max(countedFrom, options.fromMs)),
  };
}

/** Records of each level or service (by its number) over the whole range: the sums of the histogram's bars. */
export function totals(
  database: DatabaseSync,
  plan: Plan,
  options: HistogramOptions,
): { totals: Map<number, number>; complete: boolean } {
  const { counts, countedFrom, firstBar, lastBar } = count(database, plan, options);
  const sums = new Map<number, number>();
  for (const [bar, keys] of counts) {
    if (bar < firstBar || bar > lastBar) continue;
    // The commonest key of a segment may come out as nothing.
    for (const [key, records] of keys) if (records > 0) sums.set(key, (sums.get(key) ?? 0) + records);
  }
  return { totals: sums, complete: countedFrom <= options.fromMs };
}

function count(database: DatabaseSync, plan: Plan, options: HistogramOptions) {
  const step =
    STEPS.find((seconds) => (options.toMs - options.fromMs) / 1000 / seconds <= options.bars - 1) ??
    86_400 * Math.ceil((options.toMs - options.fromMs) / 86_400_000 / (options.bars - 1));
  const counts: Counts = new Map();
  let countedFrom = options.fromMs;
  if (isAboutLevelAndService(plan.query)) fromRollUps(database, plan, options, step, counts);
  else if (plan.exact) fromIndex(database, plan, options.by, step, counts);
  else countedFrom = fromRecords(database, plan, options.by, step, counts) ?? options.fromMs;
  return {
    step,
    firstBar: Math.floor(options.fromMs / 1000 / step),
    lastBar: Math.floor(options.toMs / 1000 / step),
    counts,
    countedFrom,
  };
}

/** Such a query holds for all records of a level and service or for none, so the roll-ups can answer it. */
function isAboutLevelAndService(query: Query): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'equals':
    case 'begins':
    case 'exists':
      return query.field === 'log.level' || query.field === 'service.name';
    case 'not':
      return isAboutLevelAndService(query.query);
    case 'and':
    case 'or':
      return query.queries.every(isAboutLevelAndService);
    default:
      return false;
  }
}

function add(counts: Counts, bar: number, key: number, records: number): void {
  const keys = counts.get(bar) ?? new Map<number, number>();
  counts.set(bar, keys);
  keys.set(key, (keys.get(key) ?? 0) + records);
}

function fromRollUps(
  database: DatabaseSync,
  plan: Plan,
  options: HistogramOptions,
  step: number,
  counts: Counts,
): void {
  const unit = step % 60 === 0 ? 60 : 1;
  const levels = options.levels.length === 0 ? undefined : new Set(options.levels);
  const services = options.services.length === 0 ? undefined : new Set(options.services);
  for (const { number } of plan.segments) {
    const table = unit === 60 ? minuteTable(number) : secondTable(number);
    const rows = database
      .prepare(`SELECT time * ${unit} / ${step} AS bar, level, service, sum(records) AS records FROM ${table}
                WHERE time BETWEEN ? AND ? GROUP BY bar, level, service`)
      .all(Math.floor(options.fromMs / 1000 / unit), Math.floor(options.toMs / 1000 / unit));
    for (const row of rows) {
      const level = numberOf(row['level']);
      const service = numberOf(row['service']);
      if (levels && !levels.has(LOG_LEVELS[level] ?? 'unknown')) continue;
      const name = plan.services.get(service) ?? '';
      if (services && !services.has(name)) continue;
      if (!matches(plan.query, { fields: {}, level: LOG_LEVELS[level] ?? 'unknown', service: name }))
        continue;
      add(counts, numberOf(row['bar']), options.by === 'level' ? level : service, numberOf(row['records']));
    }
  }
}

function fromIndex(
  database: DatabaseSync,
  plan: Plan,
  by: 'level' | 'service',
  step: number,
  counts: Counts,
): void {
  const wordOf = by === 'level' ? levelWord : serviceWord;
  for (const { number, minId, maxId } of plan.segments) {
    const statement = database.prepare(
      `SELECT (rowid / ${IDS_PER_SECOND} + ${Math.floor(timeOfId(0) / 1000)}) / ${step} AS bar, count(*) AS records
       FROM ${wordTable(number)} WHERE ${wordTable(number)} MATCH ? AND rowid BETWEEN ? AND ? GROUP BY bar`,
    );
    const ids = [Math.max(plan.fromId, minId), Math.min(plan.toId, maxId)] as const;
    const count = (expression: string) =>
      statement
        .all(expression, ...ids)
        .map((row) => [numberOf(row['bar']), numberOf(row['records'])] as const);
    const [commonest, ...others] = keysOf(database, number, by);
    if (commonest === undefined) continue;
    // What is on nearly every record costs the most to look for: it is what remains when all others are counted.
    const expression = plan.expression ?? EVERY;
    for (const [bar, records] of count(expression)) add(counts, bar, commonest, records);
    for (const key of others) {
      for (const [bar, records] of count(`(${expression}) AND ${wordOf(key)}`)) {
        add(counts, bar, key, records);
        add(counts, bar, commonest, -records);
      }
    }
  }
}

/** Levels or services of a segment, the commonest first. */
function keysOf(database: DatabaseSync, segment: number, by: 'level' | 'service'): number[] {
  return database
    .prepare(`SELECT ${by} AS key FROM ${minuteTable(segment)} GROUP BY ${by} ORDER BY sum(records) DESC`)
    .all()
    .map((row) => numberOf(row['key']));
}

/** @returns the time from which on everything was counted when the time was up before the end, in milliseconds. */
function fromRecords(
  database: DatabaseSync,
  plan: Plan,
  by: 'level' | 'service',
  step: number,
  counts: Counts,
): number | undefined {
  let countedFrom: number | undefined;
  for (const { number, maxId } of plan.segments) {
    const miss = (id: number) => {
      countedFrom = Math.max(countedFrom ?? 0, timeOfId(id) + 1);
    };
    if (performance.now() > plan.endsAt) {
      miss(Math.min(maxId, plan.toId));
      continue;
    }
    const rows = scan(database, plan, number, plan.fromId, plan.toId);
    for (let next = rows.next(); ; next = rows.next()) {
      if (!next.done) add(counts, Math.floor(timeOfId(next.value.id) / 1000 / step), next.value[by], 1);
      else {
        if (next.value) miss(next.value.unfinishedAt);
        break;
      }
    }
  }
  return countedFrom;
}

/** Every bar from first to last; keys in the order of levels, or services with most records first. */
function drawn(
  counts: Counts,
  plan: Plan,
  by: 'level' | 'service',
  step: number,
  firstBar: number,
  lastBar: number,
) {
  const totals = new Map<number, number>();
  for (const [bar, keys] of counts) {
    if (bar < firstBar || bar > lastBar) continue;
    // The commonest key of a segment may come out as nothing.
    for (const [key, records] of keys) if (records > 0) totals.set(key, (totals.get(key) ?? 0) + records);
  }
  const order = [...totals.keys()].sort((a, b) =>
    by === 'level' ? a - b : (totals.get(b) ?? 0) - (totals.get(a) ?? 0),
  );
  const named = by === 'level' ? order : order.slice(0, MOST_SERVICES);
  const others = order.slice(named.length);
  const bars = [];
  for (let bar = firstBar; bar <= lastBar; bar++) {
    const keys = counts.get(bar);
    const split = named.map((key) => keys?.get(key) ?? 0);
    if (others.length > 0) split.push(others.reduce((sum, key) => sum + (keys?.get(key) ?? 0), 0));
    bars.push({
      start: iso(bar * step * 1000),
      total: split.reduce((sum, count) => sum + count, 0),
      counts: split,
    });
  }
  const nameOf = (key: number) =>
    by === 'level' ? (LOG_LEVELS[key] ?? 'unknown') : (plan.services.get(key) ?? '(unknown)');
  return {
    keys: [...named.map(nameOf), ...(others.length > 0 ? ['others'] : [])],
    bars,
    total: bars.reduce((sum, { total }) => sum + total, 0),
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
