/**
 * Row ids that carry their time: milliseconds since 2020 times 4,096, plus a slot. Rows and full-text entries then lie in
 * order of time, "newest first" needs no sorting, and a histogram needs only the ids. Good until 2089 within 2^53.
 */
export const EPOCH_MS = Date.UTC(2020, 0, 1);
export const SLOTS_PER_MS = 4096;
/** Ids of one second. */
export const IDS_PER_SECOND = SLOTS_PER_MS * 1000;
const LAST_MS = EPOCH_MS + Math.floor(Number.MAX_SAFE_INTEGER / SLOTS_PER_MS) - 1;

/** The first id of that millisecond; times out of range are moved to its edge. */
export function firstIdAt(ms: number): number {
  return (Math.min(LAST_MS, Math.max(EPOCH_MS, Math.floor(ms))) - EPOCH_MS) * SLOTS_PER_MS;
}

/** The last id of that millisecond. */
export function lastIdAt(ms: number): number {
  return firstIdAt(ms) + SLOTS_PER_MS - 1;
}

/** Milliseconds since the Unix epoch. */
export function timeOfId(id: number): number {
  return Math.floor(id / SLOTS_PER_MS) + EPOCH_MS;
}

/**
 * Hands out ids for one batch. `highestTaken` says which id of [first, last] is taken already, undefined for none;
 * it is asked once a millisecond. A millisecond that is full overflows into the next.
 */
export function idAllocator(highestTaken: (first: number, last: number) => number | undefined) {
  const nextOf = new Map<number, number>();
  return (ms: number): number => {
    for (let first = firstIdAt(ms); ; first += SLOTS_PER_MS) {
      const last = first + SLOTS_PER_MS - 1;
      let next = nextOf.get(first);
      if (next === undefined) {
        const taken = highestTaken(first, last);
        next = taken === undefined ? first : taken + 1;
      }
      nextOf.set(first, next <= last ? next + 1 : next);
      if (next <= last) return next;
    }
  };
}
