/**
 * A run from beginning to end on a running lab: time scale, guardian, background load, experiments, and everything put back. What
 * `make chaos` and the director of a game day have in common.
 */
import { randomUUID } from 'node:crypto';
import { CannotRun, describeError } from '../cli/failure.ts';
import { type Load, startLoad } from '../load/start-load.ts';
import type { LabPaths } from '../settings/paths.ts';
import type { Settings } from '../settings/settings.ts';
import type { Stack } from '../stack/stack.ts';
import { type Experiment, inMode, type SteadyState } from './experiment/schema.ts';
import { Guardian } from './guardian/guardian.ts';
import type { ChaosState } from './guardian/state.ts';
import { givePast } from './past/give-past.ts';
import { gatherFacts } from './plan/gather-facts.ts';
import { consoleResult } from './report/console-result.ts';
import type { Chronicle, InboxMessage } from './run/chronicle.ts';
import { wallClock } from './run/clock.ts';
import { Observer } from './run/observer.ts';
import type { Session } from './run/run-experiment.ts';
import { type JudgedExperiment, runSuite, type SuiteResult } from './run/run-suite.ts';
import type { Timing } from './run/timing.ts';
import { readTiming, writeScaled } from './target/scaled-configuration.ts';
import { targetOf } from './target/target.ts';
import { inboxMessages, postExperiment } from './world/console-view.ts';
import { LabWorld } from './world/lab-world.ts';
import { recentlyFired } from './world/prometheus-view.ts';

/** Requests a second of the background load: enough for every rule's clause of minimum traffic at time scale 10. */
export const RATE = 12;
/** The first one may have to wait until a past load has left the learned bands' memory. */
const STEADY_PATIENCE_MS = 8 * 60_000;
/** A run's own end, beside what its experiments hold; then its guardian steps in. */
const TTL_MARGIN_SECONDS = 300;
/** Load ends its requests by then: longer than any timeout of the services. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Experiments side by side, on two processors: more share them with the lab so that scrapes and evaluations come late. */
const LANES = 3;
/** Messages from so long before a run tell which alerts the inbox still holds. */
const INBOX_BEFORE_MS = 20 * 60_000;

export interface ConductOptions {
  paths: LabPaths;
  settings: Settings;
  stack: Stack;
  kind: ChaosState['kind'];
  experiments: readonly Experiment[];
  steadyState: SteadyState;
  speed: number;
  patience: number;
  signal: AbortSignal;
  say(line: string): void;
  /** What is waited for now, in the place of what was waited for before. Default: not told. */
  stands?(line: string): void;
  /** The method stays until this settles. */
  hold?: Promise<void>;
  /** How long that may take, seconds. */
  holdSeconds?: number;
  /** Not said and not told: what is done, in a game day. */
  discreet?: boolean;
}

export interface ConductedRun {
  id: string;
  startedAt: number;
  endedAt: number;
  mode: Stack['traits']['mode'];
  timing: Timing;
  chronicle: Chronicle;
  suite: SuiteResult;
  /** Of the background load, requests a second. */
  rate: number;
}

/** @throws CannotRun where it cannot begin. Whatever was begun is undone in any case. */
export async function conduct(options: ConductOptions): Promise<ConductedRun> {
  const { paths, settings, stack, kind, speed, say, signal } = options;
  await expectWhole(stack);
  const experiments = options.experiments.map((each) => inMode(each, stack.traits.mode));
  const timing = await readTiming(paths.root, speed, options.patience);
  const startedAt = Date.now();
  const id = new Date(startedAt).toISOString().replaceAll(/[:.]/g, '-');
  const ttlSeconds = ttlOf(experiments, timing) + (options.holdSeconds ?? 0);
  const guardian = await Guardian.start({ paths, id, kind, speed, ttlSeconds });
  let load: Load | undefined;
  let healed = false;
  const loadEnd = new AbortController();
  try {
    say(
      `time scale ${speed}: rules and routes run ${speed} times as fast as written; the originals come back at the end`,
    );
    await stack.loadConfiguration(
      await writeScaled({ root: paths.root, folder: `${paths.run}/scaled`, speed }),
    );
    signal.throwIfAborted();
    load = await startLoad({
      webUrl: stack.addresses.web,
      rate: RATE,
      signal: loadEnd.signal,
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    say(`background load: ${RATE} requests a second through web`);
    const target = targetOf({ paths, settings, stack, speed, ttlSeconds, background: { load, rate: RATE } });
    const world = new LabWorld({
      target,
      guardian,
      speed,
      since: startedAt,
      stack,
      settings,
      load,
      // Accounting goes on after Ctrl-C would only make the wait longer.
      signal,
    });
    await givePast({
      paths,
      stack,
      experiments,
      steadyState: options.steadyState,
      timing,
      guardian,
      signal,
      say,
      off: (hypothesis) => world.deviations(hypothesis),
    });
    const observer = new Observer(world, wallClock);
    observer.chronicle.remember(await recentlyFired(stack.addresses.prometheus));
    observer.chronicle.read(await heardBefore(stack.addresses.console, startedAt, say));
    const facts = await gatherFacts({ root: paths.root, stack, experiments, timing, signal });
    const looking = new AbortController();
    const observing = observer.run(looking.signal);
    const suite = await runSuite(
      experiments,
      session(options, { world, observer, timing, guardian, startedAt }),
      { facts, lanes: LANES },
      {
        ...(options.hold ? { hold: options.hold } : {}),
        disturbed: async (judged, { experiment, by, broken }) => {
          say(
            `${experiment} was disturbed beside ${by.join(' and ')}, and is run again by itself: ${broken.join('; ')}`,
          );
          const judgement = { ...judged.judgement, verdict: 'inconclusive' as const };
          await announceEnd({ ...judged, judgement }, options, guardian, timing);
        },
        ended: async (judged) => {
          tell(judged, options);
          await announceEnd(judged, options, guardian, timing);
        },
      },
    );
    looking.abort();
    await observing;
    healed = suite.experiments.every(({ record }) => record.notUndone.length === 0);
    return {
      id,
      startedAt,
      endedAt: Date.now(),
      mode: stack.traits.mode,
      timing,
      chronicle: observer.chronicle,
      suite,
      rate: RATE,
    };
  } finally {
    loadEnd.abort();
    await load?.stop();
    await restore(options, guardian, healed || load === undefined);
  }
}

/** What the inbox heard before the run; nothing where it cannot be asked: then no end of an earlier alert is waited for. */
async function heardBefore(
  consoleUrl: string,
  startedAt: number,
  say: (line: string) => void,
): Promise<InboxMessage[]> {
  try {
    return await inboxMessages(consoleUrl, startedAt - INBOX_BEFORE_MS);
  } catch (error) {
    say(`the inbox does not say what it holds from before (${describeError(error)})`);
    return [];
  }
}

async function expectWhole(stack: Stack): Promise<void> {
  const off = (await stack.status({ memory: false })).filter(({ state }) => state !== 'ready');
  if (off.length > 0)
    throw new CannotRun(
      `the lab is not whole: ${off.map(({ name, state }) => `${name} is ${state}`).join(', ')}; \`make up\` completes it`,
    );
}

/** As long as everything may take at most: nothing is cut off that is going well. */
function ttlOf(experiments: readonly Experiment[], timing: Timing): number {
  const longest = experiments.reduce((sum, { alerts, holds, heals, resolves }) => {
    const within = Math.max(0, ...alerts.must.map((each) => each.within));
    return sum + (within + holds + heals + resolves) / timing.speed / 1000 + 60;
  }, 0);
  return Math.min(
    6 * 3600,
    Math.ceil(longest * timing.patience + STEADY_PATIENCE_MS / 1000 + TTL_MARGIN_SECONDS),
  );
}

function session(
  options: ConductOptions,
  given: { world: LabWorld; observer: Observer; timing: Timing; guardian: Guardian; startedAt: number },
): Session {
  const { say, signal, discreet, steadyState } = options;
  const { startedAt, guardian, timing } = given;
  return {
    world: given.world,
    observer: given.observer,
    clock: wallClock,
    timing,
    steadyState,
    signal,
    patienceMs: STEADY_PATIENCE_MS,
    say(experiment, text) {
      if (discreet) return;
      say(`${clockTime(Date.now() - startedAt)} ${experiment.name}: ${text}`);
    },
    stands(text) {
      if (!discreet) options.stands?.(`${clockTime(Date.now() - startedAt)} ${text}`);
    },
    async methodBegins(record) {
      if (discreet) return;
      await announceStart(record.experiment, options, guardian, timing).catch((error: unknown) =>
        say(`the console could not be told of ${record.experiment.name}: ${describeError(error)}`),
      );
    },
  };
}

/** The scaled configuration goes even where everything else failed; what could not be undone is left to the guardian. */
async function restore({ stack, say }: ConductOptions, guardian: Guardian, healed: boolean): Promise<void> {
  try {
    await stack.loadConfiguration();
    if (healed) await guardian.release();
    else say('not everything could be undone: the guardian goes on trying after this command');
  } catch (error) {
    say(
      `the configuration as written could not be loaded (${describeError(error)}): the guardian goes on trying`,
    );
  }
}

async function announceStart(
  { name, title }: Experiment,
  { stack, settings }: ConductOptions,
  guardian: Guardian,
  { speed }: Timing,
): Promise<void> {
  const id = `${name}-${randomUUID().slice(0, 8)}`;
  const body = { id, name, title, startedAt: new Date().toISOString(), mode: stack.traits.mode, speed };
  await postExperiment(stack.addresses.console, settings.secrets.LAB_TOKEN, '', body, (ms) =>
    wallClock.sleep(ms),
  );
  await guardian.announced(name, id);
}

async function announceEnd(
  judged: JudgedExperiment,
  { stack, settings, say }: ConductOptions,
  guardian: Guardian,
  timing: Timing,
): Promise<void> {
  const { name } = judged.record.experiment;
  const id = guardian.announcedAs(name);
  if (id === undefined) return;
  const body = {
    endedAt: new Date().toISOString(),
    verdict: judged.judgement.verdict,
    result: consoleResult(judged, timing),
  };
  try {
    await postExperiment(stack.addresses.console, settings.secrets.LAB_TOKEN, `/${id}/end`, body, (ms) =>
      wallClock.sleep(ms),
    );
    await guardian.announced(name, undefined);
  } catch (error) {
    say(`the console could not be told that ${name} ended: ${describeError(error)}`);
  }
}

function tell({ record, judgement }: JudgedExperiment, { say, discreet }: ConductOptions): void {
  if (discreet) return;
  const broken = judgement.promises.filter(({ kept }) => !kept);
  say(`${record.experiment.name}: ${judgement.verdict}`);
  for (const { text, expected, observed } of broken)
    say(`  broken: ${text}: expected ${expected}, ${observed}`);
}

function clockTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
