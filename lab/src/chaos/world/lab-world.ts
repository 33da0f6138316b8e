/** The world of experiments as it is: a running lab. */
import type { Impact } from 'lab-console/contract/experiments';
import { type Action, perform, type Rollback, undo } from '../experiment/actions.ts';
import type { Experiment, Hypothesis } from '../experiment/schema.ts';
import type { Guardian } from '../guardian/guardian.ts';
import type { Checked, Losses, Shown, World } from '../run/world.ts';
import type { Target } from '../target/target.ts';
import { inboxMessages } from './console-view.ts';
import { checkGate, shownBetween } from './dashboards-view.ts';
import { findLosses, type LossOptions } from './losses.ts';
import { activeAlerts, deviations } from './prometheus-view.ts';

export interface LabWorldOptions extends LossOptions {
  target: Target;
  guardian: Guardian;
  speed: number;
  /** Unix milliseconds: messages from before are nobody's. */
  since: number;
}

export class LabWorld implements World {
  readonly #options: LabWorldOptions;
  readonly #targets = new Map<string, Target>();

  constructor(options: LabWorldOptions) {
    this.#options = options;
  }

  activeAlerts = () => activeAlerts(this.#options.stack.addresses.prometheus);
  messages = () => inboxMessages(this.#options.stack.addresses.console, this.#options.since);
  deviations = (hypothesis: readonly Hypothesis[]) =>
    deviations(this.#options.stack.addresses.prometheus, hypothesis, this.#options.speed);
  perform = (action: Action, { name }: Experiment) => perform(action, this.#targetOf(name));
  undo = (rollback: Rollback, { name }: Experiment) => undo(rollback, this.#targetOf(name));
  entrust = (experiment: Experiment, rollbacks: readonly Rollback[]) =>
    this.#options.guardian.entrust(experiment.name, rollbacks);
  losses = (from: number, to: number): Promise<Losses> => findLosses(from, to, this.#options);
  shown = ({ name }: Experiment, from: number, to: number): Promise<Shown[]> =>
    shownBetween(this.#options.stack.addresses.prometheus, name, { from, to });
  gate = (): Promise<Checked[]> => {
    const { stack, signal } = this.#options;
    const { prometheus: prometheusUrl, web: webUrl } = stack.addresses;
    return checkGate({ prometheusUrl, webUrl, signal });
  };

  /** Traffic beside the background load is each experiment's own: the end of one must not end another's. */
  #targetOf(experiment: string): Target {
    const known = this.#targets.get(experiment);
    if (known) return known;
    const added = { ...this.#options.target, extraTraffic: new AbortController() };
    this.#targets.set(experiment, added);
    return added;
  }

  impact(from: number, to: number): Impact {
    const { sent, serverErrors, unanswered, p95Seconds } = this.#options.load.counts.between(from, to + 1000);
    return { requests: sent, failed: serverErrors + unanswered, p95Seconds };
  }
}
