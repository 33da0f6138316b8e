import type { Result } from './result.ts';

/** The work of one variant in one slice. */
export interface Observation {
  variant: string;
  round: number;
  /** Counted through all rounds and variants: what has the same number is compared. */
  slice: number;
  atRate: Result & {
    /** User and system time of the server's process, all its threads, per request answered, microseconds. */
    cpuMicrosPerRequest: number;
  };
  saturated: Result;
  /** Resident memory after the load, MB (10^6 bytes). */
  rssMegabytes: number;
}
