/** Design tokens (`var(--errors)`, `color-mix(…)`) to what a canvas takes; the browser itself computes them. */

let probe: HTMLElement | undefined;

function probeElement(): HTMLElement {
  if (!probe?.isConnected) {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
  }
  return probe;
}

/** Forget after a change of theme; `useThemeVersion` says when. */
const known = new Map<string, string>();

export function forgetColors(): void {
  known.clear();
}

export function resolveColor(color: string): string {
  const remembered = known.get(color);
  if (remembered !== undefined) return remembered;
  const element = probeElement();
  element.style.color = '';
  element.style.color = color;
  const resolved = getComputedStyle(element).color;
  known.set(color, resolved);
  return resolved;
}

/** The same colour, see-through. @param alpha 0 to 1. */
export function withAlpha(color: string, alpha: number): string {
  return resolveColor(`color-mix(in srgb, ${color} ${Math.round(alpha * 100)}%, transparent)`);
}
