import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout's root. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Files below the checkout that match, as paths relative to it, sorted. */
export function files(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT }).sort();
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
