import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type {
  Experiment,
  ExperimentEnd,
  ExperimentPage,
  ExperimentResult,
  ExperimentStart,
  ExperimentSummary,
} from '../../contract/experiments.ts';
import { inTransaction, textFrom } from '../sqlite/transaction.ts';

/** The same experiment was reported before with other facts. Answer 409. */
export class ExperimentConflictError extends Error {
  override name = 'ExperimentConflictError';
}

export interface ExperimentSearch {
  name: string | undefined;
  state: ExperimentSummary['state'] | undefined;
  limit: number;
  cursor: string | undefined;
  nowMs: number;
}

/** An experiment whose end has not come by then never had one. */
export const ABANDONED_AFTER_MS = 6 * 3600 * 1000;
const MAX_EXPERIMENTS = 2000;

/** Reports of chaos experiments; the oldest make room. */
export class ExperimentTable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** @returns whether it is new. @throws ExperimentConflictError when the id was given to another one. */
  start(start: ExperimentStart): { created: boolean } {
    return inTransaction(this.#database, () => {
      const known = this.#database.prepare('SELECT start FROM experiments WHERE id = ?').get(start.id);
      if (known) {
        if (isDeepStrictEqual(JSON.parse(textFrom(known['start'])), start)) return { created: false };
        throw new ExperimentConflictError(`experiment ${start.id} was started with other facts before`);
      }
      this.#database
        .prepare('INSERT INTO experiments (id, started_ms, name, start) VALUES (?, ?, ?, ?)')
        .run(start.id, Date.parse(start.startedAt), start.name, JSON.stringify(start));
      this.#database
        .prepare(
          `DELETE FROM experiments WHERE id IN
           (SELECT id FROM experiments ORDER BY started_ms DESC, id DESC LIMIT -1 OFFSET ${MAX_EXPERIMENTS})`,
        )
        .run();
      return { created: true };
    });
  }

  /** @returns false when there is no such experiment. @throws ExperimentConflictError when it ended otherwise. */
  end(id: string, end: ExperimentEnd): boolean {
    return inTransaction(this.#database, () => {
      const known = this.#database.prepare('SELECT ending FROM experiments WHERE id = ?').get(id);
      if (!known) return false;
      if (known['ending'] !== null) {
        if (isDeepStrictEqual(JSON.parse(textFrom(known['ending'])), end)) return true;
        throw new ExperimentConflictError(`experiment ${id} was ended with other facts before`);
      }
      this.#database
        .prepare('UPDATE experiments SET ended_ms = ?, ending = ? WHERE id = ?')
        .run(Date.parse(end.endedAt), JSON.stringify(end), id);
      return true;
    });
  }

  search({ name, state, limit, cursor, nowMs }: ExperimentSearch): ExperimentPage {
    const conditions = ['true'];
    const values: SQLInputValue[] = [];
    const demand = (condition: string, ...bound: SQLInputValue[]) => {
      conditions.push(condition);
      values.push(...bound);
    };
    if (name !== undefined) demand('name = ?', name);
    const limitMs = nowMs - ABANDONED_AFTER_MS;
    if (state === 'ended') demand('ending IS NOT NULL');
    if (state === 'running') demand('ending IS NULL AND started_ms > ?', limitMs);
    if (state === 'abandoned') demand('ending IS NULL AND started_ms <= ?', limitMs);
    const [, startedMs, id] = /^(\d{1,16})-(.{1,128})$/.exec(cursor ?? '') ?? [];
    if (startedMs !== undefined && id !== undefined)
      demand('(started_ms, id) < (?, ?)', Number(startedMs), id);
    const rows = this.#database
      .prepare(
        `SELECT id, started_ms, start, ending FROM experiments WHERE ${conditions.join(' AND ')}
         ORDER BY started_ms DESC, id DESC LIMIT ?`,
      )
      .all(...values, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map((row) => {
        const { result: _, ...summary } = experimentOf(row, nowMs);
        return summary;
      }),
      nextCursor: rows.length > limit && last ? `${last['started_ms']}-${last['id']}` : null,
    };
  }

  get(id: string, nowMs: number): Experiment | undefined {
    const row = this.#database.prepare('SELECT start, ending FROM experiments WHERE id = ?').get(id);
    return row && experimentOf(row, nowMs);
  }
}

function experimentOf(row: Record<string, unknown>, nowMs: number): Experiment {
  const start: ExperimentStart = JSON.parse(textFrom(row['start']));
  const end: ExperimentEnd | null = row['ending'] === null ? null : JSON.parse(textFrom(row['ending']));
  const abandoned = Date.parse(start.startedAt) <= nowMs - ABANDONED_AFTER_MS;
  return {
    ...start,
    state: end ? 'ended' : abandoned ? 'abandoned' : 'running',
    endedAt: end?.endedAt ?? null,
    verdict: end?.verdict ?? null,
    promises: promisesOf(end?.result ?? {}),
    result: end?.result ?? null,
  };
}

/** As the report counts them: what an alert owed stands among the promises already, point by point. */
function promisesOf({ promises = [] }: ExperimentResult): ExperimentSummary['promises'] {
  const kept = promises.filter((promise) => promise.kept).length;
  return { kept, broken: promises.length - kept };
}
