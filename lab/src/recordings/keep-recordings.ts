/** What a run leaves for rehearsals: a recording of each of its experiments, beside its report. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRules } from '@lab/prometheus';
import type { ConductedRun } from '../chaos/conduct.ts';
import { describeError } from '../cli/failure.ts';
import { findPrometheusProgram } from '../rehearsal/prometheus-program.ts';
import type { LabPaths } from '../settings/paths.ts';
import { cutRecording } from './cut.ts';
import { factsOf } from './from-experiment.ts';
import { writeRecording } from './recording.ts';

export const RECORDINGS = 'recordings';

export interface KeepOptions {
  paths: LabPaths;
  prometheusUrl: string;
  /** The folder of the run's report. */
  reports: string;
  signal: AbortSignal;
  say(line: string): void;
}

/** Never rejects: a run keeps its verdict, whether it could be recorded or not. */
export async function keepRecordings(run: ConductedRun, options: KeepOptions): Promise<void> {
  try {
    await keepAll(run, options);
  } catch (error) {
    options.say(`the run was not recorded: ${describeError(error)}`);
  }
}

async function keepAll(
  { suite, timing, mode, chronicle }: ConductedRun,
  { paths, prometheusUrl, reports, signal, say }: KeepOptions,
): Promise<void> {
  const program = await findPrometheusProgram(paths);
  const alertmanager = await readFile(join(paths.root, 'alertmanager', 'alertmanager.yml'), 'utf8');
  const rules = readRules();
  const folder = join(reports, RECORDINGS);
  await mkdir(folder, { recursive: true });
  let [count, bytes] = [0, 0];
  for (const judged of suite.experiments) {
    const facts = factsOf(judged, { timing, mode, chronicle, others: suite.experiments });
    if (!facts) continue;
    const { evaluationMs } = timing;
    const recording = await cutRecording({
      facts,
      rules,
      prometheusUrl,
      evaluationMs,
      alertmanager,
      program,
      signal,
    });
    bytes += await writeRecording(folder, recording);
    count += 1;
  }
  if (count > 0) say(`${count} recordings, ${Math.round(bytes / 1024)} kB: ${folder}`);
}
