import type { DatabaseSync } from 'node:sqlite';
import { type Plan, type StoredLine, scan } from './plan.ts';

/** The cursor did not come from this store. */
export class CursorError extends Error {
  override name = 'CursorError';
}

/** Place of a row in the order newest first: by time, then by segment. */
interface Place {
  id: number;
  segment: number;
}

export interface NewestPage {
  rows: StoredLine[];
  nextCursor: string | null;
  complete: boolean;
}

/**
 * The newest `limit` rows of a plan, behind `cursor`. Segments overlap in time, so their answers are merged; a segment that
 * cannot hold anything newer than what was found is not asked. When the time is up, rows newer than everything that was not
 * looked at are returned, and the cursor goes on from there.
 */
export function newest(
  database: DatabaseSync,
  plan: Plan,
  limit: number,
  cursor: string | undefined,
): NewestPage {
  const start = cursor === undefined ? { id: plan.toId + 1, segment: 0 } : placeOf(cursor);
  let found: StoredLine[] = [];
  let unseen: Place | undefined;
  const miss = (place: Place) => {
    if (!unseen || isNewer(place, unseen)) unseen = place;
  };
  for (const { number, maxId } of plan.segments) {
    const last = found.length >= limit ? found.at(-1) : undefined;
    if (last && maxId < last.id) break;
    if (performance.now() > plan.endsAt) {
      miss({ id: Math.min(maxId, start.id), segment: number });
      continue;
    }
    // A row with the cursor's own id is still to come when its segment is behind in the order.
    const toId = Math.min(plan.toId, number < start.segment ? start.id : start.id - 1);
    const rows = scan(database, plan, number, last?.id ?? plan.fromId, toId);
    const here: StoredLine[] = [];
    while (here.length < limit) {
      const next = rows.next();
      if (!next.done) here.push(next.value);
      else {
        if (next.value) miss({ id: next.value.unfinishedAt, segment: number });
        break;
      }
    }
    rows.return(undefined);
    found = [...found, ...here].sort(compare).slice(0, limit);
  }
  return unseen ? pageUpTo(unseen, found) : pageOf(found, limit);
}

function pageOf(rows: StoredLine[], limit: number): NewestPage {
  const last = rows.at(-1);
  return {
    rows,
    nextCursor: rows.length >= limit && last ? `${last.id}-${last.segment}` : null,
    complete: true,
  };
}

/** Only what is newer than the first row that was not looked at; that row begins the next page. */
function pageUpTo(unseen: Place, found: StoredLine[]): NewestPage {
  const rows = found.filter((row) => isNewer(row, unseen));
  return { rows, nextCursor: `${unseen.id}-${unseen.segment + 1}`, complete: false };
}

function compare(a: Place, b: Place): number {
  return b.id - a.id || b.segment - a.segment;
}

function isNewer(a: Place, b: Place): boolean {
  return compare(a, b) < 0;
}

function placeOf(cursor: string): Place {
  const [, id, segment] = /^(\d{1,16})-(\d{1,9})$/.exec(cursor) ?? [];
  if (id === undefined || segment === undefined)
    throw new CursorError('expected the nextCursor of the page before');
  return { id: Number(id), segment: Number(segment) };
}
