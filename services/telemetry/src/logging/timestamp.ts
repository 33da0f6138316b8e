let second = -1;
let prefix = '';

/** ISO 8601 in UTC with milliseconds; formats the date once a second, because `toISOString` on every line is noticeable. */
export function isoTimestamp(milliseconds: number = Date.now()): string {
  const current = Math.floor(milliseconds / 1000);
  if (current !== second) {
    second = current;
    prefix = new Date(current * 1000).toISOString().slice(0, -4);
  }
  const rest = milliseconds - current * 1000;
  return `${prefix}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
}
