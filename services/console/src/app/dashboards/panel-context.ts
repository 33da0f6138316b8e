import { createContext, useContext } from 'react';
import type { AnnotationMark } from '../charts/marks.ts';
import type { ResolvedRange } from '../time/range.ts';
import type { Scope } from './model/interpolate.ts';

/** What all panels of a dashboard share. */
export interface DashboardContextValue {
  uid: string;
  title: string;
  range: ResolvedRange;
  /** Variables as queries see them. */
  scope: Scope;
  /** Variables as titles show them. */
  texts: Scope;
  annotations: readonly AnnotationMark[];
  crosshair: string;
  onZoom: (from: number, to: number) => void;
}

export const DashboardContext = createContext<DashboardContextValue | undefined>(undefined);

export function useDashboard(): DashboardContextValue {
  const value = useContext(DashboardContext);
  if (!value) throw new Error('expected to be rendered inside a dashboard');
  return value;
}
