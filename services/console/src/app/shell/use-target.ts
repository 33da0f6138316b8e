import { useCallback } from 'react';
import { safeTarget, type Target } from '../links/target.ts';
import { useLab } from './lab-context.ts';

/** How this console follows links from outside: {@link safeTarget} with what it knows about itself. */
export function useTarget(): (url: string) => Target | undefined {
  const { lab } = useLab();
  const lite = lab?.mode !== 'full';
  return useCallback((url) => safeTarget(url, { lite, origin: window.location.origin }), [lite]);
}
