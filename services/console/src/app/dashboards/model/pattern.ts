/**
 * Grafana writes regular expressions with or without slashes: `/p9\d/i` or `p9\d`; without, the whole text must match.
 * @returns undefined for a broken one: an unreadable pattern in a dashboard must not take the page down.
 */
export function compilePattern(source: string): RegExp | undefined {
  const slashed = /^\/(.*)\/([a-z]*)$/s.exec(source);
  try {
    return slashed ? new RegExp(slashed[1] ?? '', slashed[2]) : new RegExp(`^(?:${source})$`);
  } catch {
    return undefined;
  }
}
