import { useEffect, useState } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'console-theme';
const CHANGED = 'console:theme';

function isChoice(value: unknown): value is ThemeChoice {
  return value === 'system' || value === 'light' || value === 'dark';
}

/** What the person chose on this machine; a browser that keeps nothing follows the system. */
export function storedTheme(): ThemeChoice {
  try {
    const stored = window.localStorage.getItem(KEY);
    return isChoice(stored) ? stored : 'system';
  } catch {
    return 'system'; // storage is blocked: the theme still works for this visit
  }
}

/** Called before the first render, so that no page flashes in the other theme. */
export function applyTheme(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
  window.dispatchEvent(new Event(CHANGED));
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    window.localStorage.setItem(KEY, choice);
  } catch {
    // storage is blocked: nothing to remember it with
  }
  applyTheme(choice);
}

/** Changes whenever the colours on screen do, by choice or by the system; canvases redraw on it. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const renew = () => setVersion((before) => before + 1);
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', renew);
    window.addEventListener(CHANGED, renew);
    return () => {
      system.removeEventListener('change', renew);
      window.removeEventListener(CHANGED, renew);
    };
  }, []);
  return version;
}
