import { IconButton, type IconName } from '@lab/ui-kit';
import { useState } from 'react';
import { chooseTheme, storedTheme, type ThemeChoice } from './theme.ts';

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS: Readonly<Record<ThemeChoice, IconName>> = { system: 'system', light: 'sun', dark: 'moon' };

/** Steps through system, light and dark. */
export function ThemeToggle() {
  const [choice, setChoice] = useState(storedTheme);
  const next = NEXT[choice];
  return (
    <IconButton
      icon={ICONS[choice]}
      label={`Theme: ${choice}. Switch to ${next}`}
      title={`Theme: ${choice}`}
      onClick={() => {
        chooseTheme(next);
        setChoice(next);
      }}
    />
  );
}
