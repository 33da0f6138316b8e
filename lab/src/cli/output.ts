/** Stdout carries results, stderr carries progress; colours only where a person looks at a terminal. */
import { styleText } from 'node:util';

/** Where a command writes; tests hand in their own. */
export interface Output {
  /** A line of the result, to stdout. */
  result(line: string): void;
  /** A line of progress, to stderr. */
  progress(line: string): void;
}

export const terminal: Output = {
  result: (line) => void process.stdout.write(`${line}\n`),
  progress: (line) => void process.stderr.write(`${line}\n`),
};

type Style = Parameters<typeof styleText>[0];

/** Styles text for stdout or stderr; plain where that is not a terminal, or NO_COLOR asks for plain. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Rows as aligned columns, two spaces apart; the first row is the header. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleLength(cell)))
      .join('  ')
      .trimEnd(),
  );
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of a terminal start with one
  return text.replace(/\u001b\[[0-9;]*m/g, '').length;
}

/** `850 ms`, `12.3 s`, `4 min 10 s`, `3 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Bytes as whole mebibytes, `?` where they are not known. */
export function formatMebibytes(bytes: number | undefined): string {
  return bytes === undefined ? '?' : `${Math.round(bytes / 1024 / 1024)} MB`;
}
