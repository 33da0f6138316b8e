/** A load's standing as one line for the terminal. */
import type { Standing } from './run-load.ts';

/** How far back the numbers of the line look, ms. */
const WINDOW_MS = 5_000;

/** `1:05 / 2:00  50.2/s of 50  p95 18 ms  failed 0  under way 16` */
export function describeStanding({ elapsedSeconds, seconds, asked, counts, underWay }: Standing): string {
  // The second that is running is not complete yet.
  const now = Math.floor(Date.now() / 1000) * 1000;
  const from = Math.max(now - WINDOW_MS, now - Math.floor(elapsedSeconds) * 1000);
  const recent = counts.between(from, now);
  const rate = recent.sent / Math.max(1, (now - from) / 1000);
  const failed = counts.total.serverErrors + counts.total.unanswered;
  return [
    `${clock(elapsedSeconds)} / ${clock(seconds)}`,
    `${rate.toFixed(1)}/s of ${Number(asked.toFixed(1))}`,
    `p95 ${Math.round(recent.p95Seconds * 1000)} ms`,
    `failed ${failed.toLocaleString('en')}`,
    `under way ${underWay}`,
  ].join('  ');
}

function clock(exact: number): string {
  const seconds = Math.round(exact);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Rewrites one line on a terminal; elsewhere, in a log, a line every ten seconds. */
export function liveLine(progress: (line: string) => void, stream: NodeJS.WriteStream = process.stderr) {
  let lastPrinted = Number.NEGATIVE_INFINITY;
  return {
    show(standing: Standing): void {
      const line = describeStanding(standing);
      if (stream.isTTY) stream.write(`\r\u001b[K${line}`);
      else if (standing.elapsedSeconds - lastPrinted >= 10) {
        lastPrinted = standing.elapsedSeconds;
        progress(line);
      }
    },
    end(): void {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
