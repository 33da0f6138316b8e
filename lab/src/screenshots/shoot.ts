/** The course of a session: load and a story, the calm pictures, an experiment, its pictures, and what it left behind. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describeError } from '../cli/failure.ts';
import { firingAlerts } from '../readiness/prometheus-client.ts';
import type { LabPaths } from '../settings/paths.ts';
import type { Stack } from '../stack/stack.ts';
import { until } from '../wait.ts';
import type { Camera } from './camera.ts';
import { panelsOf } from './dashboards.ts';
import { chaosReport, EXPERIMENT, loadReport, newestExperiment, PATIENCE, RATE, runLab } from './life.ts';
import type { Moment, Picture, Scene } from './picture.ts';
import { picturesOf } from './pictures.ts';
import { tellStory } from './story.ts';

/** Long enough for the charts' five-minute windows to be mostly load, short enough to wait for. */
const LOAD_SECONDS = 270;
/** From the start of the load to the first picture; accounts are made first, so the load itself is younger. */
const WARM_MS = 200_000;
/** Where the charts begin: with the load's ramp. */
const RAMP_MS = 10_000;
const FIRING_MS = 5 * 60_000;

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
  /** Why it could not be proven; undefined when it was taken. */
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
    say(`load of ${RATE} requests a second for ${LOAD_SECONDS} s`);
    const began = Date.now();
    const load = runLab(paths.root, ['load', '--rate', `${RATE}`, '--duration', `${LOAD_SECONDS}s`], all);
    // Its failure is told where it is waited for.
    load.catch(() => undefined);
    const story = await tellStory(camera.context, stack, all);
    say(
      `a task was made in a browser: request ${story.requestId}, ${story.spans} spans, ${story.logLines} log lines`,
    );
    await pause(Math.max(0, WARM_MS - (Date.now() - began)), undefined, { signal: all });

    const range = { from: began + RAMP_MS, to: Date.now() };
    const none = { load: undefined, chaos: undefined };
    const scene: Scene = { ...sceneOf(session), story, range, experiment: undefined, reports: none };
    const taken = await takeAll(inner, 'calm', scene);
    tell(say, 'load', await load);

    taken.push(...(await experiment(inner, scene)));
    return inOrder(taken, stack.mode);
  } finally {
    ending.abort(new Error('the session of pictures ended early'));
  }
}

async function experiment(session: Session, scene: Scene): Promise<Taken[]> {
  const { paths, stack, say, signal } = session;
  const { name, alert } = EXPERIMENT;
  const { console: consoleUrl, alertmanager } = stack.addresses;
  const before = Date.now();
  say(`experiment ${name}: waiting for ${alert}`);
  const chaos = runLab(paths.root, ['chaos', '--experiment', name, '--patience', `${PATIENCE}`], signal);
  chaos.catch(() => undefined);
  const fires = until(
    `${alert} in Alertmanager`,
    async (bounded) => (await firingAlerts(alertmanager, bounded)).some((each) => each.name === alert),
    { deadlineMs: FIRING_MS, everyMs: 500, signal },
  );
  const early = chaos.then((complaint) => {
    throw new Error(`experiment ${name} ended before ${alert} fired: ${complaint ?? 'it kept its promises'}`);
  });
  await Promise.race([fires, early]);
  early.catch(() => undefined);
  const id = (await newestExperiment(consoleUrl, name, signal)) ?? '';
  const firing = {
    ...scene,
    experiment: { id, name, alert },
    range: { from: scene.range.from, to: Date.now() },
  };
  // It does not fire for long.
  const taken = await takeAll(session, 'firing', firing, true);
  tell(say, 'chaos', await chaos);
  const reports = { load: await loadReport(paths.reports), chaos: await chaosReport(paths.reports) };
  const range = { from: before - 60_000, to: Date.now() };
  taken.push(...(await takeAll(session, 'after', { ...firing, reports, range })));
  return taken;
}

function sceneOf({ stack, paths }: Session): Pick<Scene, 'mode' | 'at' | 'panels'> {
  const places = new Map<string, string>([
    ...Object.entries(stack.addresses),
    ...stack.entrances().map(({ name, url }): [string, string] => [name, url]),
  ]);
  return {
    mode: stack.mode,
    at(part) {
      const url = places.get(part);
      if (url === undefined) throw new Error(`${stack.mode} mode has no ${part}`);
      return url.replace(/\/$/, '');
    },
    panels: (dashboard) => panelsOf(paths.root, dashboard),
  };
}

async function takeAll(session: Session, when: Moment, scene: Scene, atOnce = false): Promise<Taken[]> {
  const pictures = picturesOf(scene.mode).filter((picture) => picture.when === when);
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
    const failure = describeError(error);
    say(`${picture.name}: NOT PROVEN: ${failure}`);
    return { picture, failure };
  }
}

function inOrder(taken: readonly Taken[], mode: Scene['mode']): Taken[] {
  const order = picturesOf(mode).map(({ name }) => name);
  return taken.toSorted(
    (left, right) => order.indexOf(left.picture.name) - order.indexOf(right.picture.name),
  );
}

function tell(say: Session['say'], command: string, complaint: string | undefined): void {
  if (complaint !== undefined) say(`${command} says: ${complaint}`);
}
