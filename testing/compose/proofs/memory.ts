/** The most memory that each container was seen to use, while everything else is tried. */
import type { FullStack } from '../../../lab/src/stack/full/stack.ts';

const EVERY_MS = 5_000;

export interface MemoryWatch {
  /** Ends the watch. @returns figures `memory_peak_mb_PART`, MiB without the page cache; a peak between two looks is not seen. */
  stop(): Promise<Record<string, number>>;
}

export function watchMemory(stack: FullStack): MemoryWatch {
  const peaks = new Map<string, number>();
  const ended = new AbortController();
  const watching = (async () => {
    while (!ended.signal.aborted) {
      // A container may be on its way up or down just then; the next look sees it.
      for (const { name, memoryBytes = 0 } of await stack.status().catch(() => []))
        peaks.set(name, Math.max(peaks.get(name) ?? 0, memoryBytes));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, EVERY_MS);
        ended.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  })();
  return {
    async stop() {
      ended.abort();
      await watching;
      const seen = [...peaks]
        .filter(([, bytes]) => bytes > 0)
        .sort(([one], [other]) => one.localeCompare(other));
      return Object.fromEntries(
        seen.map(([part, bytes]) => [`memory_peak_mb_${part}`, Math.round(bytes / 2 ** 20)]),
      );
    },
  };
}
