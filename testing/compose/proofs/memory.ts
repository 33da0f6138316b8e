/** The most memory that each container was seen to use, while everything else is tried. */
import { type FullStack, table } from '@lab/cli';
import { containerId, docker } from '../subject.ts';

const EVERY_MS = 5_000;
const MEBIBYTE = 2 ** 20;

export interface MemoryWatch extends AsyncDisposable {
  /** Ends the watch. @returns each part's peak, without the page cache; one between two looks is not seen. */
  stop(): Promise<Peak[]>;
}

export interface Peak {
  part: string;
  peakMb: number;
  /** What the engine enforces. */
  limitMb: number;
  /** Of the limit. */
  percent: number;
}

export function watchMemory(stack: FullStack): MemoryWatch {
  const peaks = new Map<string, number>();
  const limits = new Map(stack.parts.map((part) => [part, limitOf(part)]));
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
  const end = async () => {
    ended.abort();
    await watching;
  };
  return {
    [Symbol.asyncDispose]: end,
    async stop() {
      await end();
      return [...limits]
        .map(([part, limit]) => ({ part, peak: peaks.get(part) ?? 0, limit }))
        .filter(({ peak }) => peak > 0)
        .sort((one, other) => one.part.localeCompare(other.part))
        .map(({ part, peak, limit }) => ({
          part,
          peakMb: Math.round(peak / MEBIBYTE),
          limitMb: Math.round(limit / MEBIBYTE),
          percent: Math.round((100 * peak) / limit),
        }));
    },
  };
}

export function memoryTable(peaks: readonly Peak[]): string[] {
  const rows = peaks.map(({ part, peakMb, limitMb, percent }) => [
    part,
    `${peakMb} MB`,
    `${limitMb} MB`,
    `${percent} %`,
  ]);
  return table([['part', 'peak', 'limit', 'of it'], ...rows]);
}

function limitOf(part: string): number {
  return Number(docker('inspect', '--format', '{{.HostConfig.Memory}}', containerId(part)));
}
