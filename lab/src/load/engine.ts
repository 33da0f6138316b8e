/** What sends the load: k6, or the lab's own engine. Both walk the same journeys and are counted by the same code. */
import type { AcknowledgedWrites } from './acknowledged-writes.ts';
import type { ArrivalReport } from './arrivals.ts';
import type { LoadCounts } from './counts.ts';
import type { PooledAccount } from './people.ts';
import type { Stage } from './profiles.ts';

export interface RunOptions {
  webUrl: string;
  stages: readonly Stage[];
  accounts: readonly PooledAccount[];
  traceRatio: number;
  /** Where the outcomes are counted; made for the objectives' thresholds. */
  counts: LoadCounts;
  writes: AcknowledgedWrites;
  /** Sets this run's series in Prometheus apart. */
  testId: string;
  /** What the engine has to say beside its numbers. */
  progress(line: string): void;
  /** Ends the run early; what was counted until then stays. */
  signal: AbortSignal;
}

export interface EngineRun {
  /** Live. */
  readonly arrivals: ArrivalReport;
  /** When the last journey has ended. @throws Error where the engine itself failed. */
  readonly done: Promise<void>;
}

export interface Engine {
  name: string;
  version: string;
  start(options: RunOptions): Promise<EngineRun>;
}

/** Both engines' bounds. */
export const TIMEOUT_MS = 15_000;
export const MOST_AT_ONCE = 2_000;
/** After the last arrival, for those on their way. */
export const FINISH_SECONDS = 5;
