/** Light or dark: by the system, or by the person's choice on this machine. The style sheets read `data-theme`. */
import { useEffect, useState } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'console-theme';
const CHANGED = 'console:theme';

function isChoice(value: unknown): value is ThemeChoice {
  return value === 'system' || value === 'light' || value === 'dark';
}

/** What the person chose; a browser that keeps nothing follows the system. */
export function storedTheme(): ThemeChoice {
  try {
    const stored = window.localStorage.getItem(KEY);
    return isChoice(stored) ? stored : 'system';
  } catch {
    return 'system'; // storage is blocked: the theme still works for this visit
  }
}

const systemDark = () => window.matchMedia('(prefers-color-scheme: dark)');

let chosen: ThemeChoice = 'system';

function apply(): void {
  const theme = chosen === 'system' ? (systemDark().matches ? 'dark' : 'light') : chosen;
  if (document.documentElement.dataset['theme'] === theme) return;
  document.documentElement.dataset['theme'] = theme;
  window.dispatchEvent(new Event(CHANGED));
}

/** Called once before the first render, so that no page flashes in the other theme; follows the system from then on. */
export function startTheme(): void {
  chosen = storedTheme();
  apply();
  systemDark().addEventListener('change', apply);
}

export function chooseTheme(choice: ThemeChoice): void {
  chosen = choice;
  try {
    window.localStorage.setItem(KEY, choice);
  } catch {
    // storage is blocked: nothing to remember it with
  }
  apply();
}

/** Changes whenever the colours on screen do; canvases are drawn anew on it. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const renew = () => setVersion((before) => before + 1);
    window.addEventListener(CHANGED, renew);
    return () => window.removeEventListener(CHANGED, renew);
  }, []);
  return version;
}
