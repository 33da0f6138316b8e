import { useCallback } from 'react';
import { safeTarget, type Target } from '../links/target.ts';
import { useLab } from './lab-context.ts';

/** How this console follows links from outside: {@link safeTarget} with what it knows about itself. */
export function useTarget(): (url: string) => Target | undefined {
  const { lab } = useLab();
  const dashboards = lab?.features.dashboards !== false;
  return useCallback((url) => safeTarget(url, { dashboards, origin: window.location.origin }), [dashboards]);
}
