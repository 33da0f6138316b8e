/** A lab that behaves as a test says: the engine cannot tell it from a real one. */
import type { Action, Rollback } from '../../src/chaos/experiment/actions.ts';
import {
  type Experiment,
  experimentSchema,
  type Hypothesis,
  type SteadyState,
} from '../../src/chaos/experiment/schema.ts';
import type { Facts } from '../../src/chaos/plan/facts.ts';
import type { ActiveAlert, InboxMessage } from '../../src/chaos/run/chronicle.ts';
import { Observer } from '../../src/chaos/run/observer.ts';
import type { Session } from '../../src/chaos/run/run-experiment.ts';
import { runSuite, type SuiteHooks, type SuiteResult } from '../../src/chaos/run/run-suite.ts';
import type { Timing } from '../../src/chaos/run/timing.ts';
import type { Checked, Losses, Shown, World } from '../../src/chaos/run/world.ts';
import { FakeClock } from './fake-clock.ts';

/** How an alert behaves once the method is in force, seconds; undefined: never. */
export interface AlertScript {
  firesAfter: number | undefined;
  inboxAfter?: number | undefined;
  /** After the rollback. */
  endsAfter?: number | undefined;
  overAfter?: number | undefined;
}

export interface LabScript {
  /** By experiment's action (its `part`), then by alert. */
  alerts?: Record<string, AlertScript>;
  /** What does not hold before anything is done. */
  off?: string[];
  /**
   * Whatever is done, this alert fires from `from` until `to`, seconds since the beginning; whose hypothesis includes QUIET waits
   * until then.
   */
  rings?: { alert: string; from: number; to: number };
  /** What an alert that remembers looks at was broken before. */
  burnsFromBefore?: boolean;
  /** Seconds after the rollback until the hypothesis holds again; undefined: never. */
  healsAfter?: number | undefined;
  refusesAction?: boolean;
  /** How many attempts at a rollback fail. */
  failingRollbacks?: number;
  losses?: Partial<Losses>;
  shown?: Shown[];
  /** An error: it cannot be asked. */
  gate?: Checked[] | Error;
  /** Of a hundred; or as many as follow from how many experiments had a method in force at once. */
  failedRequests?: number | ((methods: number) => number);
  /** The inbox heard before the run that this alert fires, and hears of its end so many seconds after the beginning. */
  heldFromBefore?: { alert: string; until: number };
  prometheusAnswers?: () => boolean;
}

const timing: Timing = {
  speed: 10,
  scrapeMs: 1000,
  evaluationMs: 1000,
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  forMs: new Map([['HighErrorRate', 120_000]]),
  patience: 1,
};

const steadyState: SteadyState = {
  hypothesis: [
    { what: 'users get answers', query: 'x', atMost: 1 },
    { what: 'traffic is what was learned of it', query: 'lab:request_rate:rate2m', atMost: 1 },
  ],
  remembering: {
    alerts: { ErrorBudgetBurn3d: { within: 600_000, burns: 'slo:burn_rate:rate6h > 1' } },
    because: 'it judges days, not minutes',
  },
};

export const QUIET: Hypothesis = { what: 'nothing is heard', query: 'noise', atMost: 1 };

export class ScriptedLab implements World {
  readonly clock = new FakeClock();
  readonly done: string[] = [];
  readonly entrusted: Rollback[][] = [];
  /** What was asked of the hypothesis before the method, and after it. */
  readonly asked = { before: new Set<string>(), after: new Set<string>() };
  readonly #script: LabScript;
  readonly beganAt = this.clock.now();
  #inForce = 0;
  #mostInForce = 0;
  #methodAt: number | undefined;
  #rollbackAt: number | undefined;
  #attempts = 0;

  constructor(script: LabScript) {
    this.#script = script;
  }

  async activeAlerts(): Promise<ActiveAlert[]> {
    if (this.#script.prometheusAnswers?.() === false) throw new Error('no answer');
    const ringing = this.#rings();
    const scripted = Object.entries(this.#script.alerts ?? {});
    const active = scripted.flatMap(([alert, { firesAfter, endsAfter = 10 }]): ActiveAlert[] => {
      if (firesAfter === undefined || this.#since(this.#methodAt) < firesAfter - 2) return [];
      if (this.#since(this.#rollbackAt) >= endsAfter) return [];
      const state = this.#since(this.#methodAt) >= firesAfter ? ('firing' as const) : ('pending' as const);
      return [{ alert, labels: { alertname: alert }, state, activeAt: this.clock.now() }];
    });
    if (ringing)
      active.push({
        alert: ringing,
        labels: { alertname: ringing },
        state: 'firing',
        activeAt: this.clock.now(),
      });
    return active;
  }

  #rings(): string | undefined {
    const { rings } = this.#script;
    const since = this.#since(this.beganAt);
    return rings && since >= rings.from && since < rings.to ? rings.alert : undefined;
  }

  async messages(): Promise<InboxMessage[]> {
    return [...this.#heldMessages(), ...this.#ownMessages()];
  }

  #heldMessages(): InboxMessage[] {
    const { heldFromBefore: held } = this.#script;
    if (!held) return [];
    const message = (status: InboxMessage['status'], receivedAt: number): InboxMessage => ({
      id: `${held.alert} before ${status}`,
      alert: held.alert,
      status,
      title: held.alert,
      group: `alertname=${held.alert}`,
      receivedAt,
    });
    const over = this.beganAt + held.until * 1000;
    return [
      message('firing', this.beganAt - 60_000),
      ...(this.clock.now() >= over ? [message('resolved', over)] : []),
    ];
  }

  #ownMessages(): InboxMessage[] {
    return Object.entries(this.#script.alerts ?? {}).flatMap(([alert, script]) => {
      const { firesAfter, inboxAfter = (firesAfter ?? 0) + 3, overAfter = 20 } = script;
      const messages: InboxMessage[] = [];
      const add = (status: InboxMessage['status'], from: number | undefined, after: number | undefined) => {
        if (from === undefined || after === undefined || this.#since(from) < after) return;
        messages.push({
          id: `${alert} ${status} ${from}`,
          alert,
          status,
          title: alert,
          group: `alertname=${alert}`,
          receivedAt: from + after * 1000,
        });
      };
      if (firesAfter !== undefined && 'inboxAfter' in script ? script.inboxAfter !== undefined : true)
        add('firing', this.#methodAt, inboxAfter);
      if (!('overAfter' in script) || script.overAfter !== undefined)
        add('resolved', this.#rollbackAt, overAfter);
      return firesAfter === undefined ? [] : messages;
    });
  }

  async deviations(hypothesis: readonly Hypothesis[]): Promise<string[]> {
    if (hypothesis.some(({ query }) => query === 'count(slo:burn_rate:rate6h > 1)'))
      return this.#script.burnsFromBefore ? [] : ['ErrorBudgetBurn3d burns: no'];
    const asked = this.#methodAt === undefined ? this.asked.before : this.asked.after;
    for (const { what } of hypothesis) asked.add(what);
    if (this.#script.off) return this.#script.off;
    if (
      hypothesis.some(({ what }) => what === QUIET.what) &&
      this.#since(this.beganAt) < (this.#script.rings?.to ?? 0)
    )
      return ['nothing is heard: no'];
    if (this.#methodAt === undefined) return [];
    const { healsAfter = 1 } = 'healsAfter' in this.#script ? this.#script : { healsAfter: 1 };
    if ('healsAfter' in this.#script && this.#script.healsAfter === undefined)
      return ['users get answers: no'];
    return this.#since(this.#rollbackAt) >= healsAfter ? [] : ['users get answers: no'];
  }

  async perform(action: Action): Promise<void> {
    this.done.push(action.do);
    if (this.#script.refusesAction) throw new Error('the stack refused');
    this.#inForce = this.#rollbackAt === undefined ? this.#inForce + 1 : 1;
    this.#mostInForce = this.#inForce;
    this.#methodAt = this.clock.now();
    this.#rollbackAt = undefined;
  }

  async undo(rollback: Rollback): Promise<void> {
    this.#attempts += 1;
    if (this.#attempts <= (this.#script.failingRollbacks ?? 0)) throw new Error('the stack is stubborn');
    this.done.push(rollback.undo);
    this.#rollbackAt = this.clock.now();
  }

  async entrust(_: Experiment, rollbacks: readonly Rollback[]): Promise<void> {
    this.entrusted.push([...rollbacks]);
  }

  impact() {
    const { failedRequests = 0 } = this.#script;
    const failed = typeof failedRequests === 'number' ? failedRequests : failedRequests(this.#mostInForce);
    return { requests: 100, failed, p95Seconds: 0.1 };
  }

  async losses(): Promise<Losses> {
    return {
      writes: [],
      logs: [],
      jobs: [],
      checked: { writes: 9, logs: 9, jobs: 9 },
      ...this.#script.losses,
    };
  }

  async shown(): Promise<Shown[]> {
    return this.#script.shown ?? [];
  }

  async gate(): Promise<Checked[]> {
    const { gate = [] } = this.#script;
    if (gate instanceof Error) throw gate;
    return gate;
  }

  #since(moment: number | undefined): number {
    return moment === undefined ? Number.NEGATIVE_INFINITY : (this.clock.now() - moment) / 1000;
  }
}

/** Nothing touches, needs or hides anything. */
export const facts: Facts = {
  touches: () => [],
  needs: () => [],
  seenThrough: () => [],
  inhibits: () => false,
  spendsBudget: () => false,
  expectedMs: () => 1000,
};

/** An experiment on HighErrorRate: soonest after 20 s at time scale 10, promised within 24 + 6 s. */
export function experiment(name: string, changes: Record<string, unknown> = {}): Experiment {
  const parsed = experimentSchema.parse({
    title: 'The API answers with errors',
    story: 'A release that answers one request in four with an error.',
    method: [{ do: 'fault', service: 'api', fault: 'error', ratio: 0.25 }],
    alerts: {
      must: [
        {
          alert: 'HighErrorRate',
          needs: { share: { window: '5m', threshold: 0.05, injected: 0.25 } },
          within: '4m',
        },
      ],
      may: [{ alerts: ['ErrorLogSurge'], because: 'each failed request writes a record' }],
    },
    heals: '1m',
    resolves: '10m',
    users: { errorRatio: 0.3, p95Seconds: 1 },
    ...changes,
  });
  return { ...parsed, name };
}

export interface Played {
  result: SuiteResult;
  lab: ScriptedLab;
  said: string[];
}

export async function play(
  script: LabScript,
  experiments: readonly Experiment[] = [experiment('errors')],
  signal: AbortSignal = new AbortController().signal,
  hooks: SuiteHooks = {},
  lanes = 1,
): Promise<Played> {
  const lab = new ScriptedLab(script);
  const said: string[] = [];
  const observer = new Observer(lab, lab.clock);
  const looking = new AbortController();
  const observing = observer.run(looking.signal);
  const session: Session = {
    world: lab,
    clock: lab.clock,
    observer,
    timing,
    steadyState,
    signal,
    patienceMs: 30_000,
    say: (each, text) => said.push(`${each.name}: ${text}`),
    stands: (text) => said.push(text),
  };
  try {
    return { result: await runSuite(experiments, session, { facts, lanes }, hooks), lab, said };
  } finally {
    looking.abort();
    await observing;
    lab.clock.stop();
  }
}
