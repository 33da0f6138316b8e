import { useEffect, useState } from 'react';
import { humanDuration } from '../format/duration.ts';
import { dateTime, relative } from '../format/time.ts';

/** The present moment, renewed so often; for words like `12 s ago`. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How long something has lasted, with its beginning on hover. @param since ISO 8601. */
export function Elapsed({ since }: { since: string }) {
  const now = useNow(5000);
  const ms = Date.parse(since);
  return (
    <time dateTime={since} title={`since ${dateTime(ms)}`}>
      {humanDuration((now - ms) / 1000)}
    </time>
  );
}

/** A moment in relation to now, with the exact one on hover. @param at ISO 8601. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow(5000);
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={dateTime(ms)}>
      {relative(ms, now)}
    </time>
  );
}
