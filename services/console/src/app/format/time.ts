const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** Local date and time, `2026-11-22 14:05:09`. @param ms milliseconds since the epoch. */
export function dateTime(ms: number): string {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return 'no date';
  const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${date} ${clock(ms)}`;
}

/** Local time of day, `14:05:09`. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** Local time of day with milliseconds, `14:05:09.123`, as log lines need it. */
export function preciseClock(ms: number): string {
  return `${clock(ms)}.${pad(new Date(ms).getMilliseconds(), 3)}`;
}

/** True where both moments are on the same local day, so that a date may be left out. */
export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** Time of day, with the date only where it is not `now`'s day. */
export function shortMoment(ms: number, now: number): string {
  return sameDay(ms, now) ? clock(ms) : dateTime(ms).slice(5, 16);
}

/** `12 s ago`, `5 m ago`, `3 h ago`, `2 d ago`, `in 4 m`: one unit, for glances. */
export function relative(ms: number, now: number): string {
  const seconds = Math.round((now - ms) / 1000);
  const size = Math.abs(seconds);
  if (size < 2) return 'now';
  const [unit, amount] =
    size < 60
      ? ['s', size]
      : size < 3600
        ? ['m', Math.floor(size / 60)]
        : size < 86_400
          ? ['h', Math.floor(size / 3600)]
          : ['d', Math.floor(size / 86_400)];
  return seconds < 0 ? `in ${amount} ${unit}` : `${amount} ${unit} ago`;
}
