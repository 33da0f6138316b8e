/** Small readers for JSON of which nothing is known: each answers a default where the value is of another kind. */

export type Json = Readonly<Record<string, unknown>>;

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function records(value: unknown): Json[] {
  return list(value)
    .filter((entry) => typeof entry === 'object' && entry !== null)
    .map(record);
}

export function text(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}

export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function flag(value: unknown, otherwise = false): boolean {
  return typeof value === 'boolean' ? value : otherwise;
}

export function texts(value: unknown): string[] {
  return list(value).filter((entry): entry is string => typeof entry === 'string');
}

/** One of a fixed set, or the default. */
export function oneOf<T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return allowed.find((entry) => entry === value) ?? otherwise;
}
