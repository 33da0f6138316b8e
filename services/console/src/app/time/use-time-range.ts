import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { onRefresh } from '../api/use-query.ts';
import { useNow } from '../ui/TimeAgo.tsx';
import { DEFAULT_RANGE, isLive, type ResolvedRange, resolveRange, type TimeRange } from './range.ts';

export interface TimeControls {
  range: TimeRange;
  /** Recomputed when the range or `tick` changes, so that all queries of one refresh share their ends. */
  resolved: ResolvedRange;
  /** False where the address holds a range that cannot be read; the default is used then. */
  readable: boolean;
  live: boolean;
  setRange: (range: TimeRange) => void;
  /** Moves a live range's end to the present. */
  renew: () => void;
}

/** The time range lives in the page's address (`?from=now-1h&to=now`), so that it can be shared and gone back to. */
export function useTimeRange(fallback: TimeRange = DEFAULT_RANGE): TimeControls {
  const [search, setSearch] = useSearchParams();
  const [now, setNow] = useState(() => Date.now());
  const from = search.get('from') ?? fallback.from;
  const to = search.get('to') ?? fallback.to;
  const range = useMemo(() => ({ from, to }), [from, to]);
  const setRange = useCallback(
    (next: TimeRange) => {
      setNow(Date.now());
      setSearch((before) => {
        before.set('from', next.from);
        before.set('to', next.to);
        return before;
      });
    },
    [setSearch],
  );
  const renew = useCallback(() => setNow(Date.now()), []);
  useEffect(() => onRefresh(renew), [renew]);
  return useMemo(() => {
    const readable = resolveRange(range, now);
    const resolved = readable ?? resolveRange(DEFAULT_RANGE, now) ?? { from: now - 1_800_000, to: now };
    return { range, resolved, readable: readable !== undefined, live: isLive(range), setRange, renew };
  }, [range, now, setRange, renew]);
}

/** Words for a moving range need a moving now. */
export function useSlowNow(): number {
  return useNow(30_000);
}
