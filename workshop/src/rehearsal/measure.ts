/** What a rehearsal costs and what it sees: seconds and memory of the command as a person calls it, and the mutants that it reports. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensurePrometheusProgram,
  type LabPaths,
  proportionalMemory,
  readRecording,
  readSources,
  recordingFolder,
  recordingNames,
  rehearse,
} from '@lab/cli';
import { readRules } from '@lab/prometheus';
import { mutantsOf } from './mutants.ts';

export interface Cost {
  seconds: number;
  /** The most that the command and its Prometheus had in memory together, bytes. */
  peakBytes: number;
}

const LOOK_MS = 50;

/** Runs `make rehearse` to its end. @param options such as `EVERYTHING=1`. */
export async function costOf({ root }: LabPaths, options: readonly string[]): Promise<Cost> {
  const began = performance.now();
  const command = spawn('make', ['rehearse', ...options], { cwd: root, stdio: 'ignore' });
  let peakBytes = 0;
  const looking = setInterval(() => {
    if (command.pid !== undefined) peakBytes = Math.max(peakBytes, proportionalMemory(command.pid) ?? 0);
  }, LOOK_MS);
  await once(command, 'exit');
  clearInterval(looking);
  return { seconds: (performance.now() - began) / 1000, peakBytes };
}

/** The same with the threshold of one alert edited. */
export async function costOfEdit(paths: LabPaths, alert: string): Promise<Cost> {
  const edited = mutantsOf(readRules()).find((each) => each.alert === alert && each.fault === 'threshold');
  if (!edited) throw new Error(`expected a threshold to edit in ${alert}`);
  const folder = await mkdtemp(join(tmpdir(), 'lab-edited-rules-'));
  try {
    for (const [name, text] of edited.rules) await writeFile(join(folder, name), text);
    return await costOf(paths, [`RULES=${folder}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Sharpness {
  /** Alerts of all recordings: played, and with the outcome of the live run. */
  compared: number;
  same: number;
  mutants: number;
  seen: number;
  /** `alert: fault` of those that nothing was said about. */
  unseen: string[];
}

export async function sharpness(
  paths: LabPaths,
  { signal, progress }: { signal: AbortSignal; progress(line: string): void },
): Promise<Sharpness> {
  const folder = recordingFolder(paths.root);
  const names = await recordingNames(folder);
  const sources = await readSources(paths.root);
  const program = await ensurePrometheusProgram(paths, progress);
  const play = (rules: ReadonlyMap<string, string>, among: readonly string[], everything: boolean) =>
    rehearse({
      sources: { ...sources, rules },
      folder,
      names: among,
      rule: undefined,
      everything,
      program,
      signal,
    });
  const { recordings } = await play(sources.rules, names, true);
  const alerts = recordings.flatMap(({ judged }) => judged.alerts);
  const changes = recordings.flatMap(({ judged }) => judged.changes);
  const firedIn = new Map<string, string[]>();
  for (const name of names) {
    const { facts } = await readRecording(folder, name);
    for (const alert of new Set(facts.must.map((each) => each.alert)))
      firedIn.set(alert, [...(firedIn.get(alert) ?? []), name]);
  }
  const unseen: string[] = [];
  const mutants = mutantsOf(sources.rules).filter(({ alert }) => firedIn.has(alert));
  for (const [index, { alert, fault, rules }] of mutants.entries()) {
    const rehearsal = await play(rules, firedIn.get(alert) ?? [], false);
    const broken = rehearsal.recordings.some(({ judged }) => judged.broken.length > 0);
    if (!broken) unseen.push(`${alert}: ${fault}`);
    if (index % 20 === 0) progress(`${index} of ${mutants.length} mutants played, ${unseen.length} unseen`);
  }
  return {
    compared: alerts.length,
    same: alerts.length - changes.length,
    mutants: mutants.length,
    seen: mutants.length - unseen.length,
    unseen,
  };
}
