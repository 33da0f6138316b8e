import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from './http.ts';

/** What a page knows about one question: nothing yet, an answer, a failure, or a failure after an answer (which is kept). */
export interface Query<T> {
  data: T | undefined;
  error: ApiError | undefined;
  /** True while a request is under way, also when older data is still shown. */
  loading: boolean;
  /** Milliseconds since the epoch of the newest answer. */
  answeredAt: number | undefined;
  refresh: () => void;
}

interface Options {
  /** Asks again this often, in milliseconds, while the page is visible. */
  everyMs?: number | undefined;
  /** False keeps quiet, for instance while a panel is out of sight. */
  enabled?: boolean;
  /** A change asks again like a new key does, but keeps showing the old answer until the new one is there. */
  version?: string;
}

const REFRESH = 'console:refresh';

/** Makes every question on the page ask again (the `r` key and the refresh button). */
export function refreshAll(): void {
  window.dispatchEvent(new Event(REFRESH));
}

/** @returns how to stop listening. */
export function onRefresh(listener: () => void): () => void {
  window.addEventListener(REFRESH, listener);
  return () => window.removeEventListener(REFRESH, listener);
}

function toApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ApiError(message, 0, undefined, { cause });
}

/**
 * Asks when `key` changes, on a timer, and on {@link refreshAll}. An answer that was overtaken is dropped.
 * @param key everything that `load` depends on; a new key forgets the old answer.
 */
export function useQuery<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { everyMs, enabled = true, version = '' }: Options = {},
): Query<T> {
  const [state, setState] = useState<Omit<Query<T>, 'refresh'> & { key: string }>({
    key,
    data: undefined,
    error: undefined,
    loading: enabled,
    answeredAt: undefined,
  });
  const latest = useRef(load);
  latest.current = load;
  const running = useRef<AbortController>(undefined);

  const ask = useCallback(async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState((before) => ({ ...before, loading: true }));
    try {
      const data = await latest.current(controller.signal);
      if (!controller.signal.aborted)
        setState({ key, data, error: undefined, loading: false, answeredAt: Date.now() });
    } catch (cause) {
      if (controller.signal.aborted) return; // overtaken or unmounted: nobody waits for it
      setState((before) => ({
        key,
        data: before.key === key ? before.data : undefined,
        error: toApiError(cause),
        loading: false,
        answeredAt: before.key === key ? before.answeredAt : undefined,
      }));
    }
  }, [key]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a reason to ask, though `ask` does not read it
  useEffect(() => {
    if (!enabled) return;
    void ask();
    const stopListening = onRefresh(() => void ask());
    return () => {
      stopListening();
      running.current?.abort();
    };
  }, [ask, enabled, version]);

  useEffect(() => {
    if (!enabled || everyMs === undefined) return;
    const tick = () => {
      if (document.visibilityState === 'visible') void ask();
    };
    const timer = window.setInterval(tick, everyMs);
    document.addEventListener('visibilitychange', tick);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [ask, enabled, everyMs]);

  const current = state.key === key;
  return {
    data: current ? state.data : undefined,
    error: current ? state.error : undefined,
    loading: current ? state.loading : enabled,
    answeredAt: current ? state.answeredAt : undefined,
    refresh: () => void ask(),
  };
}
