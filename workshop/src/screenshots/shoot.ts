/** The course of a session: load and a story, the calm pictures, experiments and theirs, and what they left behind. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describeError, firingAlerts, type LabPaths, query, type Stack, until } from '@lab/cli';
import { untilCalm } from './calm.ts';
import type { Camera } from './camera.ts';
import { panelsOf } from './dashboards.ts';
import { chaosReport, experimentSince, loadReport, PATIENCE, RATE, runLab } from './life.ts';
import { EXPERIMENTS, LEFT_BEHIND, type Moment, type Picture, type Scene } from './picture.ts';
import { picturesOf } from './pictures.ts';
import { tellStory } from './story.ts';

/** Long enough for the charts' five-minute windows to be mostly load, short enough to wait for. */
const LOAD_SECONDS = 270;
/** The time from the start of the load to the first picture; accounts are made first, so the load itself is younger. */
const WARM_MS = 200_000;
/** Alerts look back over up to 15 minutes, at the speed as written, once an experiment is over. */
const CALM_MS = 16 * 60_000;
/** The alerts that the load itself set off may end while it runs on. */
const UNREST_MS = 60_000;
/** The time from the end of an experiment to the scrape that knows of it, with patience. */
const OVER_MS = 60_000;
/** Two scrapes and more. */
const STEPS_MS = 12_000;
/** The time from the start of the load until its accounts are made. */
const SETTLE_MS = 45_000;
/** The time from the start of the load to its ramp, where the charts begin. */
const RAMP_MS = 10_000;
/** The stretch of an incident that charts show: some calm, and what broke it. */
const INCIDENT_MS = 120_000;
/** The time of one experiment on a slow machine, its preparations included. */
const FIRING_MS = 6 * 60_000;

export interface Session {
  paths: LabPaths;
  stack: Stack;
  camera: Camera;
  folder: string;
  say(line: string): void;
  signal: AbortSignal;
}

export interface Taken {
  picture: Picture;
  /** The reason why it could not be proven; undefined when it was taken. */
  failure: string | undefined;
}

/** @throws Error where there is nothing to take pictures of (no story, no experiment); a picture that fails is a result. */
export async function shoot(session: Session): Promise<Taken[]> {
  const { paths, stack, camera, folder, say, signal } = session;
  await mkdir(folder, { recursive: true });
  // A failure ends what runs beside it.
  const ending = new AbortController();
  const all = AbortSignal.any([signal, ending.signal]);
  const inner = { ...session, signal: all };
  try {
    // Before the load, too: what fires while it runs is a red stretch in every chart of it.
    await untilCalm(stack.addresses.prometheus, {
      pendingToo: true,
      heldMs: STEPS_MS,
      deadlineMs: CALM_MS,
      say,
      signal: all,
    });
    say(`load of ${RATE} requests a second for ${LOAD_SECONDS} s`);
    const began = Date.now();
    const load = runLab(paths.root, ['load', '--rate', `${RATE}`, '--duration', `${LOAD_SECONDS}s`], all);
    // Its failure is told where it is waited for.
    load.catch(() => undefined);
    // Accounts are made first, which keeps the API busy: a trace of that minute shows waiting that is nobody's.
    await pause(SETTLE_MS, undefined, { signal: all });
    const story = await tellStory(camera.context, stack, all);
    say(
      `a task was made in a browser: request ${story.requestId}, ${story.spans} spans, ${story.logLines} log lines`,
    );
    await pause(Math.max(0, WARM_MS - (Date.now() - began)), undefined, { signal: all });

    const scene: Scene = {
      ...sceneOf(session),
      story,
      range: { from: began + RAMP_MS, to: Date.now() },
      month: await filledMonth(stack.addresses.prometheus, all),
      experiment: undefined,
      reports: { load: undefined, chaos: undefined },
    };
    const unrest = await untilCalm(stack.addresses.prometheus, { deadlineMs: UNREST_MS, say, signal: all });
    const taken =
      unrest === undefined ? await takeAll(inner, 'calm', scene) : unmet(scene, 'calm', unrest, say);
    tell(say, 'load', await load);
    taken.push(...(await experiments(inner, scene)));
    return inOrder(taken, stack.traits.viewers);
  } finally {
    ending.abort(new Error('the session of pictures ended early'));
  }
}

/** One after the other, so that none is begun among the alerts of another; then what is left. */
async function experiments(session: Session, scene: Scene): Promise<Taken[]> {
  const { paths, stack, signal } = session;
  const began = Date.now();
  const taken: Taken[] = [];
  for (const each of EXPERIMENTS) taken.push(...(await experiment(session, scene, each)));
  // Else the dashboards would say that one still runs: they end with the range.
  const nothingRuns = async (bounded: AbortSignal) =>
    (await query(stack.addresses.prometheus, 'sum(lab_experiment_active) == 0', bounded)).length > 0;
  await until('no experiment to run', nothingRuns, { deadlineMs: OVER_MS, everyMs: 500, signal }).catch(
    (error) => session.say(describeError(error)),
  );
  // Panels end at the last whole step before the range's end.
  await pause(STEPS_MS, undefined, { signal });
  const { name, alert } = LEFT_BEHIND;
  const id = (await experimentSince(stack.addresses.console, name, began, signal))?.id ?? '';
  const reports = { load: await loadReport(paths.reports), chaos: await chaosReport(paths.reports) };
  const range = { from: began, to: Date.now() };
  const after = { ...scene, experiment: { id, name, alert }, reports, range };
  taken.push(...(await takeAll(session, 'after', after)));
  return taken;
}

/** Runs one and takes its pictures while its alert fires; where it does not fire, they are what failed. */
async function experiment(
  session: Session,
  scene: Scene,
  { name, alert }: (typeof EXPERIMENTS)[number],
): Promise<Taken[]> {
  const { paths, stack, say, signal } = session;
  const { console: consoleUrl, alertmanager } = stack.addresses;
  const began = Date.now();
  say(`experiment ${name}, until ${alert} fires`);
  let over = false;
  const chaos = runLab(
    paths.root,
    ['chaos', '--experiment', name, '--patience', `${PATIENCE}`],
    signal,
  ).finally(() => {
    over = true;
  });
  // An interruption is told where it is waited for.
  chaos.catch(() => undefined);
  const fires = async (bounded: AbortSignal) => {
    if (over) return { id: undefined };
    const begun = await experimentSince(consoleUrl, name, began, bounded);
    if (!begun) return undefined;
    // What was wrong before has another story.
    const own = (await firingAlerts(alertmanager, bounded)).some(
      (each) => each.name === alert && Date.parse(each.startsAt) >= begun.startedAt,
    );
    return own ? begun : undefined;
  };
  const taken = await until(`${alert} in Alertmanager`, fires, {
    deadlineMs: FIRING_MS,
    everyMs: 500,
    signal,
  }).then(
    ({ id }) => {
      if (id === undefined) return unmet(scene, name, `${alert} never fired`);
      const now = Date.now();
      const range = { from: now - INCIDENT_MS, to: now };
      // It does not fire for long: all at once.
      return takeAll(session, name, { ...scene, experiment: { id, name, alert }, range }, true);
    },
    (error) => unmet(scene, name, describeError(error)),
  );
  tell(say, `experiment ${name}`, await chaos);
  return taken;
}

function unmet(scene: Scene, when: Moment, failure: string, say?: Session['say']): Taken[] {
  say?.(`no ${when} pictures: ${failure}`);
  const pictures = picturesOf(scene.viewers).filter((picture) => picture.when === when);
  return pictures.map((picture) => ({ picture, failure }));
}

const MONTH_MS = 30 * 24 * 3_600_000;

/** `make history` leaves a marked past; without it a month would be an empty picture. */
async function filledMonth(prometheusUrl: string, signal: AbortSignal): Promise<Scene['month']> {
  const past = 'count(http_requests_total offset 20d)';
  const [found] = await query(prometheusUrl, past, signal);
  return found ? { from: Date.now() - MONTH_MS, to: Date.now() } : undefined;
}

function sceneOf({ stack, paths }: Session): Pick<Scene, 'viewers' | 'links' | 'at' | 'panels'> {
  return {
    viewers: stack.traits.viewers,
    links: { logs: stack.signals.logs.link, trace: stack.signals.traces.link },
    at(part) {
      const url = stack.addresses[part];
      if (url === undefined) throw new Error(`this lab has no ${part}`);
      return url.replace(/\/$/, '');
    },
    panels: (dashboard) => panelsOf(paths.root, dashboard),
  };
}

async function takeAll(session: Session, when: Moment, scene: Scene, atOnce = false): Promise<Taken[]> {
  const pictures = picturesOf(scene.viewers).filter((picture) => picture.when === when);
  if (atOnce) return Promise.all(pictures.map((picture) => take(session, picture, scene)));
  const taken: Taken[] = [];
  for (const picture of pictures) taken.push(await take(session, picture, scene));
  return taken;
}

async function take(
  { camera, folder, say, signal }: Session,
  picture: Picture,
  scene: Scene,
): Promise<Taken> {
  try {
    await camera.take(picture, scene, join(folder, `${picture.name}.png`), signal);
    say(`${picture.name}: proven and taken`);
    return { picture, failure: undefined };
  } catch (error) {
    signal.throwIfAborted();
    // Playwright appends a log of its waiting.
    const [failure] = describeError(error).split('\nCall log');
    say(`${picture.name}: NOT PROVEN: ${failure}`);
    return { picture, failure };
  }
}

function inOrder(taken: readonly Taken[], viewers: Scene['viewers']): Taken[] {
  const order = picturesOf(viewers).map(({ name }) => name);
  return taken.toSorted(
    (left, right) => order.indexOf(left.picture.name) - order.indexOf(right.picture.name),
  );
}

function tell(say: Session['say'], command: string, complaint: string | undefined): void {
  if (complaint !== undefined) say(`${command} says: ${complaint}`);
}
