import type { Impact } from 'lab-console/contract/experiments';
import type { Rollback } from '../experiment/actions.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Beside } from './company.ts';
import type { Losses, Shown } from './world.ts';

/** When what happened, Unix milliseconds. An absent time did not come. */
export interface ExperimentRecord {
  experiment: Experiment;
  beganAt: number;
  /** The first action was begun, and the last one was in force. */
  methodFrom?: number;
  methodAt?: number;
  /** The first rollback was begun, and the last one was done. */
  rollbackFrom?: number;
  rollbackAt?: number;
  /** The hypothesis held again. */
  healedAt?: number;
  endedAt?: number;
  /** What kept it from starting: nothing was done then. */
  deviations: string[];
  /** An action that could not be done, a rollback that failed, an observation that broke off. */
  failures: string[];
  /** The rollbacks that failed to the last attempt: the guardian keeps them. */
  notUndone: Rollback[];
  /** Those that ran side by side with it. */
  beside?: Beside;
  impact?: Impact;
  losses?: Losses;
  /** Absent in a game day, which may end before anything fires. */
  shown?: readonly Shown[];
  interrupted: boolean;
}
