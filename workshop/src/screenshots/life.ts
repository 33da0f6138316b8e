/** Makes pictures show life: load and experiments, by the commands that a person would type. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, runCommand } from '@lab/cli';
import { z } from 'zod';

/** Light enough for a laptop that also runs a browser. */
export const RATE = 15;
/** Times the limits: a browser that draws dashboards at the same time is load that `make chaos` does not have. */
export const PATIENCE = 2;

const LONGEST_MS = 15 * 60_000;

/**
 * Runs one of lab's own commands to its end.
 * @returns what it complained about (a slow machine may break a promise, and still makes a picture); undefined if nothing.
 * @throws Error where it was interrupted.
 */
export async function runLab(
  root: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const program = join(root, 'lab', 'src', 'main.ts');
  try {
    await runCommand(process.execPath, [program, ...args], { timeoutMs: LONGEST_MS, signal });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return describeError(error).split('\n').slice(-3).join(' · ');
  }
}

/** The newest load report, if there is one. */
export async function loadReport(reports: string): Promise<string | undefined> {
  const [newest] = (await folders(join(reports, 'load'))).toReversed();
  return newest === undefined ? undefined : join(newest, 'report.html');
}

const run = z.object({ experiments: z.array(z.unknown()) });

/** Returns the chaos report with the most experiments; among several, the newest. */
export async function chaosReport(reports: string): Promise<string | undefined> {
  let best: { folder: string; experiments: number } | undefined;
  for (const folder of (await folders(join(reports, 'chaos'))).toReversed()) {
    const text = await readFile(join(folder, 'report.json'), 'utf8').catch(() => undefined);
    // A run that was ended early has written none.
    if (text === undefined) continue;
    const { experiments } = run.parse(JSON.parse(text));
    if (best === undefined || experiments.length > best.experiments)
      best = { folder, experiments: experiments.length };
  }
  return best === undefined ? undefined : join(best.folder, 'report.html');
}

/** Named after their time, so in its order. */
async function folders(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  return names.toSorted().map((name) => join(parent, name));
}

const experiments = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), startedAt: z.string() })),
});

/** The newest experiment of that name on the console that began after `since` (milliseconds since 1970). */
export async function experimentSince(
  consoleUrl: string,
  name: string,
  since: number,
  signal: AbortSignal,
): Promise<{ id: string; startedAt: number } | undefined> {
  const response = await fetch(`${consoleUrl}/api/experiments`, { signal });
  if (!response.ok) throw new Error(`the console answered ${response.status} to /api/experiments`);
  const { items } = experiments.parse(await response.json());
  const found = items
    .map(({ startedAt, ...each }) => ({ ...each, startedAt: Date.parse(startedAt) }))
    .find((each) => each.name === name && each.startedAt >= since);
  return found && { id: found.id, startedAt: found.startedAt };
}
