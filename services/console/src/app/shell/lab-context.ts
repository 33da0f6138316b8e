import { createContext, useContext } from 'react';
import type { Lab } from '../../contract/lab.ts';
import type { ApiError } from '../api/http.ts';

export interface LabState {
  /** Undefined until the server's first answer. */
  lab: Lab | undefined;
  /** Why there is no fresh answer. */
  error: ApiError | undefined;
}

export const LabContext = createContext<LabState>({ lab: undefined, error: undefined });

/** The lab's mode, links and dead-man's switch, asked for once for all pages. */
export function useLab(): LabState {
  return useContext(LabContext);
}
