import type { Color } from '../dashboards/model/colors.ts';

/** The lab's own services keep their colours from page to page; red is left to errors. */
const KNOWN: Readonly<Record<string, Color>> = {
  'taskmanager-browser': 'var(--c-amber)',
  'taskmanager-web': 'var(--c-teal)',
  'taskmanager-api': 'var(--c-blue)',
  'taskmanager-worker': 'var(--c-lime)',
  'lab-console': 'var(--c-slate)',
  postgresql: 'var(--c-indigo)',
  postgres: 'var(--c-indigo)',
};

const OTHERS: readonly Color[] = [
  'var(--c-pink)',
  'var(--c-cyan)',
  'var(--c-brown)',
  'var(--c-green)',
  'var(--c-violet)',
  'var(--c-orange)',
];

/** A service's colour: its own, or one that follows from its name. */
export function serviceColor(name: string): Color {
  const known = KNOWN[name];
  if (known !== undefined) return known;
  let hash = 0;
  for (const sign of name) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) % 65_521;
  return OTHERS[hash % OTHERS.length] ?? 'var(--c-slate)';
}
