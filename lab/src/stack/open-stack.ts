/** Chooses the mode and opens its driver. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';
import type { Mode, Settings } from '../settings/settings.ts';
import { LiteStack } from './lite/stack.ts';
import type { Stack } from './stack.ts';

type Open = (paths: LabPaths, settings: Settings) => Promise<Stack>;

/** Drivers by mode. Full mode's takes its place here. */
const DRIVERS: Partial<Record<Mode, Open>> = { lite: LiteStack.open };

/** The stack to start: the mode a person insists on, else the one that is up, else what this machine can run. */
export async function openStackToStart(paths: LabPaths, settings: Settings): Promise<Stack> {
  const present = await modeInUse(paths);
  const mode = settings.mode ?? present ?? 'lite';
  if (present !== undefined && present !== mode && (await (await open(present, paths, settings)).isUp()))
    throw new CannotRun(
      `the lab is up in ${present} mode: \`make down\` first, then \`make up MODE=${mode}\``,
    );
  return open(mode, paths, settings);
}

/** The stack that is up, or would be: for the commands that only look, stop or change it. */
export async function openStackInUse(paths: LabPaths, settings: Settings): Promise<Stack> {
  return open((await modeInUse(paths)) ?? settings.mode ?? 'lite', paths, settings);
}

/** Like openStackInUse. @throws CannotRun where nothing is up. */
export async function openRunningStack(paths: LabPaths, settings: Settings): Promise<Stack> {
  const stack = await openStackInUse(paths, settings);
  if (!(await stack.isUp())) throw new CannotRun('the lab is not up: run `make up` first');
  return stack;
}

/** Notes which driver started the lab, for the commands that come later. */
export async function rememberMode(paths: LabPaths, mode: Mode): Promise<void> {
  await writeFile(modeFile(paths), mode);
}

async function modeInUse(paths: LabPaths): Promise<Mode | undefined> {
  const noted = (await readFile(modeFile(paths), 'utf8').catch(() => '')).trim();
  return noted === 'lite' || noted === 'full' ? noted : undefined;
}

function open(mode: Mode, paths: LabPaths, settings: Settings): Promise<Stack> {
  const driver = DRIVERS[mode];
  if (!driver)
    throw new CannotRun(
      `${mode} mode is not part of this version: use \`make up MODE=${Object.keys(DRIVERS)[0]}\``,
    );
  return driver(paths, settings);
}

function modeFile(paths: LabPaths): string {
  return join(paths.run, 'mode');
}
