/** The tracing of this process, started by `register.ts` or `startTracing`, for those who must flush it at the end. */
let flush: (() => Promise<void>) | undefined;

export function setTracingFlush(callback: (() => Promise<void>) | undefined): void {
  flush = callback;
}

/** Exports what is queued; gives up after `timeoutMs`. Never rejects. */
export async function flushTracing(timeoutMs: number): Promise<void> {
  if (flush === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    await Promise.race([flush(), patience]);
  } catch {
    // Spans that could not be exported are counted by the exporter's wrapper.
  } finally {
    clearTimeout(timer);
  }
}
