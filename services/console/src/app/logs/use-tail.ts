import { useEffect, useState } from 'react';
import type { LogRecord } from '../../contract/logs.ts';
import { address, type Parameters } from '../api/http.ts';

export interface Tail {
  /** Newest first, at most {@link MOST}. */
  records: readonly LogRecord[];
  state: 'connecting' | 'open' | 'interrupted';
  /** Lines that came faster than the stream carries. */
  dropped: number;
}

const MOST = 500;
/** Lines are shown in batches: a screen renewed for each of a thousand lines a second helps nobody. */
const BATCH_MS = 250;

function parse(data: unknown): LogRecord | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as LogRecord;
  } catch {
    return undefined; // a torn event: the next one will be whole
  }
}

/** Follows new lines while `enabled`. The browser reconnects by itself after an interruption. */
export function useTail(parameters: Parameters, enabled: boolean): Tail {
  const [tail, setTail] = useState<Tail>({ records: [], state: 'connecting', dropped: 0 });
  const url = address('/api/logs/tail', parameters);
  useEffect(() => {
    if (!enabled) return;
    setTail({ records: [], state: 'connecting', dropped: 0 });
    const source = new EventSource(url);
    let waiting: LogRecord[] = [];
    const flush = () => {
      if (waiting.length === 0) return;
      const batch = waiting.reverse();
      waiting = [];
      setTail((before) => ({ ...before, records: [...batch, ...before.records].slice(0, MOST) }));
    };
    const timer = window.setInterval(flush, BATCH_MS);
    source.addEventListener('open', () => setTail((before) => ({ ...before, state: 'open' })));
    source.addEventListener('error', () => setTail((before) => ({ ...before, state: 'interrupted' })));
    source.addEventListener('record', (event) => {
      const record = parse(event.data);
      if (record) waiting.push(record);
      if (waiting.length > MOST) waiting = waiting.slice(-MOST);
    });
    source.addEventListener('dropped', (event) => {
      const count = Number(/\d+/.exec(String(event.data))?.[0] ?? 0);
      setTail((before) => ({ ...before, dropped: before.dropped + count }));
    });
    return () => {
      window.clearInterval(timer);
      source.close();
    };
  }, [url, enabled]);
  return tail;
}
