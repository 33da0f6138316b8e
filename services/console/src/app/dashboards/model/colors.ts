/**
 * Colours by name. Grafana's names (`dark-red`, `semi-dark-orange`, …) are drawn in the console's own hues, so that an error has
 * one colour on every page; the hues themselves are design tokens (`@lab/ui-kit`) and differ by theme.
 */
/** `var(--…)` for style attributes, or a literal colour; `charts/theme.ts` turns either into what a canvas takes. */
export type Color = string;

/** Order matters: neighbours must differ, also for those who see fewer hues. Red is left to errors. */
export const PALETTE: readonly Color[] = [
  'var(--c-blue)',
  'var(--c-amber)',
  'var(--c-teal)',
  'var(--c-violet)',
  'var(--c-pink)',
  'var(--c-lime)',
  'var(--c-cyan)',
  'var(--c-brown)',
  'var(--c-indigo)',
  'var(--c-slate)',
];

const HUES: Readonly<Record<string, string>> = {
  green: 'green',
  yellow: 'amber',
  orange: 'orange',
  red: 'red',
  blue: 'blue',
  purple: 'violet',
  white: 'ink',
  black: 'ink',
  gray: 'slate',
  grey: 'slate',
  transparent: 'none',
  text: 'ink',
};

/** A colour as a dashboard names it. Literal colours are taken over only in forms that cannot carry anything else. */
export function namedColor(name: string): Color {
  if (name === 'transparent') return 'transparent';
  const shade = /^(super-light|light|semi-dark|dark)-(.+)$/.exec(name);
  const hue = HUES[shade?.[2] ?? name];
  if (hue === 'ink') return 'var(--ink)';
  if (hue !== undefined) {
    const share = { 'super-light': 58, light: 78 }[shade?.[1] ?? ''];
    return share === undefined
      ? `var(--c-${hue})`
      : `color-mix(in oklab, var(--c-${hue}) ${share}%, var(--surface))`;
  }
  if (/^#[0-9a-f]{3,8}$/i.test(name) || /^rgba?\([\d.,\s%]+\)$/i.test(name)) return name;
  return 'var(--c-slate)';
}
