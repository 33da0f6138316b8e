/**
 * The part of the measurement that runs in namespaces of its own (run.ts enters them): control plane, targets, Prometheus. Reads its task
 * from a file and writes what it measured into another; progress goes to stderr.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startControlPlane } from './control-plane.ts';
import type { Expositions } from './exposition.ts';
import { type Durations, type Measured, measure } from './measure.ts';
import { prepareCluster, simulatedPods } from './pods.ts';
import { placeAccount } from './prometheus.ts';
import { startTargets } from './targets.ts';

export interface Task {
  hyperkube: string;
  prometheus: string;
  expositions: Expositions;
  sizes: readonly number[];
  runs: number;
  durations: Durations;
}

/** The files, in the folder that both sides know. */
export const TASK = 'task.json';
export const RESULTS = 'results.json';

export type Results = readonly { pods: number; run: number; measured: Measured }[];

async function main(folder: string): Promise<void> {
  const task = JSON.parse(readFileSync(join(folder, TASK), 'utf8')) as Task;
  const control = await startControlPlane(task.hyperkube, folder);
  placeAccount(control, await prepareCluster(control));
  startTargets(task.expositions, simulatedPods(Math.max(...task.sizes)));
  const results: Results[number][] = [];
  for (let run = 1; run <= task.runs; run += 1)
    for (const pods of task.sizes) {
      const measured = await measure(
        { api: control, prometheus: task.prometheus, folder },
        pods,
        task.durations,
      );
      results.push({ pods, run, measured });
      console.error(`${pods} pods, run ${run}: ${JSON.stringify(measured)}`);
    }
  writeFileSync(join(folder, RESULTS), JSON.stringify(results));
}

if (import.meta.main) {
  await main(process.argv[2] ?? '');
  // The namespace ends with its first process, and all that runs in it.
  process.exit(0);
}
