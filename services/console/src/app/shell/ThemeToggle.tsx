import { useState } from 'react';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { chooseTheme, storedTheme, type ThemeChoice } from './theme.ts';

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS: Readonly<Record<ThemeChoice, IconName>> = { system: 'system', light: 'sun', dark: 'moon' };

/** Steps through system, light and dark. */
export function ThemeToggle() {
  const [choice, setChoice] = useState(storedTheme);
  const next = NEXT[choice];
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Theme: ${choice}. Switch to ${next}`}
      title={`Theme: ${choice}`}
      onClick={() => {
        chooseTheme(next);
        setChoice(next);
      }}
    >
      <Icon name={ICONS[choice]} />
    </button>
  );
}
