/** Chooses the mode and opens its driver. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun } from '../cli/failure.ts';
import { MODES, type Mode } from '../settings/mode.ts';
import type { LabPaths } from '../settings/paths.ts';
import type { Settings } from '../settings/settings.ts';
import { FullStack } from './full/stack.ts';
import { KubernetesStack } from './kubernetes/stack.ts';
import { LiteStack } from './lite/stack.ts';
import { isUp, type Stack } from './stack.ts';

interface Driver {
  open(paths: LabPaths, settings: Settings): Promise<Stack>;
  /** Returns why this machine cannot run it; undefined where it can. A driver without it runs everywhere. */
  obstacle?(paths: LabPaths, settings: Settings): Promise<string | undefined>;
}

const DRIVERS: Record<Mode, Driver> = { full: FullStack, kubernetes: KubernetesStack, lite: LiteStack };
const [EVERYWHERE, PREFERRED] = MODES;

/**
 * The stack to start: the mode a person insists on, else the one that was up last, else what this machine can run.
 * @param say is told why full mode was not taken.
 */
export async function openStackToStart(
  paths: LabPaths,
  settings: Settings,
  say: (line: string) => void = () => undefined,
): Promise<Stack> {
  const present = await modeInUse(paths);
  const mode = settings.mode ?? present ?? (await possibleMode(paths, settings, say));
  if (present !== undefined && present !== mode && (await isUp(await open(present, paths, settings))))
    throw new CannotRun(
      `the lab is up in ${present} mode: \`make down\` first, then \`make up MODE=${mode}\``,
    );
  return open(mode, paths, settings);
}

/** The stack that is up, or would be: for the commands that only look, stop or change it. */
export async function openStackInUse(paths: LabPaths, settings: Settings): Promise<Stack> {
  return open((await modeInUse(paths)) ?? settings.mode ?? EVERYWHERE, paths, settings);
}

/** Like openStackInUse. @throws CannotRun where nothing is up. */
export async function openRunningStack(paths: LabPaths, settings: Settings): Promise<Stack> {
  const stack = await openStackInUse(paths, settings);
  if (!(await isUp(stack))) throw new CannotRun('the lab is not up: run `make up` first');
  return stack;
}

/** Notes which driver started the lab, for the commands that come later. */
export async function rememberMode(paths: LabPaths, mode: Mode): Promise<void> {
  await writeFile(modeFile(paths), mode);
}

async function modeInUse(paths: LabPaths): Promise<Mode | undefined> {
  const noted = (await readFile(modeFile(paths), 'utf8').catch(() => '')).trim();
  return MODES.find((mode) => mode === noted);
}

async function possibleMode(paths: LabPaths, settings: Settings, say: (line: string) => void): Promise<Mode> {
  const obstacle = await DRIVERS[PREFERRED].obstacle?.(paths, settings);
  if (obstacle === undefined) return PREFERRED;
  say(`${EVERYWHERE} mode, because ${obstacle.split('\n')[0]} (MODE=${PREFERRED} insists)`);
  return EVERYWHERE;
}

function open(mode: Mode, paths: LabPaths, settings: Settings): Promise<Stack> {
  return DRIVERS[mode].open(paths, settings);
}

function modeFile(paths: LabPaths): string {
  return join(paths.run, 'mode');
}
