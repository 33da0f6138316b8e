/** Progress with a last line that changes: a wait is one line of a terminal, however often what is waited for changes. */

export interface StandingProgress {
  /** A line that stays. */
  say(line: string): void;
  /** What is waited for now: on a terminal in the place of the former; in a log a line whenever it says something else. */
  stands(line: string): void;
  /** Takes the last standing line away. */
  end(): void;
}

/** The time since the start, before a line: it alone makes no line another. */
const CLOCK = /^\d+:\d\d /;

/** @param progress writes a whole line to the same stream. */
export function standingProgress(
  progress: (line: string) => void,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
): StandingProgress {
  let shown = '';
  const clear = () => {
    if (stream.isTTY && shown !== '') stream.write('\r\u001b[K');
    shown = '';
  };
  return {
    say(line) {
      clear();
      progress(line);
    },
    stands(line) {
      if (line === shown) return;
      if (!stream.isTTY && line.replace(CLOCK, '') === shown.replace(CLOCK, '')) return;
      // A line that wraps could not be taken back as one.
      if (stream.isTTY) stream.write(`\r\u001b[K${line.slice(0, Math.max(1, (stream.columns ?? 80) - 1))}`);
      else progress(line);
      shown = line;
    },
    end: clear,
  };
}
