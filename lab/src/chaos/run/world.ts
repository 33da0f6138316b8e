/** What an experiment does to the lab and sees of it. The engine knows nothing else of the outside; tests script this. */
import type { Impact } from 'lab-console/contract/experiments';
import type { Action, Rollback } from '../experiment/actions.ts';
import type { Experiment, Hypothesis } from '../experiment/schema.ts';
import type { ActiveAlert, InboxMessage } from './chronicle.ts';

/** Each empty where nothing is missing, else what is, in words. */
export interface Losses {
  writes: string[];
  logs: string[];
  jobs: string[];
  /** How many of each were looked for. */
  checked: { writes: number; logs: number; jobs: number };
}

/** A place on a dashboard that is rightly empty until this experiment fills it. */
export interface Shown {
  where: string;
  /** Why nothing is to be seen there; absent: it shows data. */
  empty?: string;
}

/** A promise about the whole lab, with whatever breaks it. */
export interface Checked {
  text: string;
  expected: string;
  /** Where nothing breaks it. */
  seen: string;
  broken: readonly string[];
}

export interface World {
  /** @throws where Prometheus does not answer. */
  activeAlerts(): Promise<ActiveAlert[]>;
  /** Messages since the run began. @throws where the console does not answer. */
  messages(): Promise<InboxMessage[]>;
  /** What of it does not hold, a line each; an unanswered question does not hold either. */
  deviations(hypothesis: readonly Hypothesis[]): Promise<string[]>;
  perform(action: Action, experiment: Experiment): Promise<void>;
  /** Undoes what an experiment did, and nothing of one beside it. */
  undo(rollback: Rollback, experiment: Experiment): Promise<void>;
  /** Hands the rollbacks to the guardian, before the method begins; an empty list when they are done. */
  entrust(experiment: Experiment, rollbacks: readonly Rollback[]): Promise<void>;
  /** Counts what users of the background load got between two moments; failed: 5xx, cut off, too late. */
  impact(from: number, to: number): Impact;
  losses(from: number, to: number): Promise<Losses>;
  /** What dashboards showed between two moments, at every place that waits for this experiment. */
  shown(experiment: Experiment, from: number, to: number): Promise<Shown[]>;
  /** What the gate of the dashboards finds now; nothing where the lab is too young for it. @throws where it cannot be asked. */
  gate(): Promise<Checked[]>;
}
