/**
 * `make test-kubernetes`: kubernetes/ on a real cluster. Makes a cluster of its own, starts the lab in it, follows a request, tries rights and
 * walls, updates and evicts pods under load, counts log lines. What could not be had here is said at the end.
 *
 * Runs a lab of its own (folder, ports, cluster), and removes both. Exit status 0: held, 1: a promise was broken, 2: could not run.
 *
 * --quick               without updates, replicas and log lines
 * --only GROUP,GROUP    only these groups (options.ts)
 * --lines N             how many log lines are written, default 20,000
 * --chaos core|all|NAME,NAME  besides, after the signals: these experiments (--patience N: with every limit times this)
 * --context NAME        an existing cluster, by the name of kubectl's context, in the place of one made for it
 */
import { rmSync } from 'node:fs';
import {
  describeError,
  ensureEnvironmentFile,
  formatDuration,
  KubernetesStack,
  labPaths,
  loadSettings,
} from '@lab/cli';
import { clusterMemory } from '@lab/cluster';
import { ROOT } from '@lab/manifest';
import { ensureCompose, writeFigures } from '@lab/workshop';
import { ownLab } from '../compose/own-lab.ts';
import { mostPodsSimulated } from '../kubernetes-scale/figures.ts';
import { type Options, readOptions } from './options.ts';
import { ownCluster } from './own-cluster.ts';
import { plan } from './plan.ts';
import type { Subject } from './subject.ts';

const MEBIBYTE = 1024 * 1024;
const say = (line: string) => process.stderr.write(`${line}\n`);
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => interruption.abort(new Error(`interrupted by ${name}`)));

process.exitCode = await main().catch((error: unknown) => {
  say(`could not run: ${describeError(error)}`);
  return 2;
});

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  await ensureCompose(say);
  const { folder, variables } = await ownLab(`labtest${process.pid}`, 'kubernetes');
  Object.assign(process.env, variables, options.context === undefined ? {} : { CONTEXT: options.context });
  try {
    if (options.context !== undefined) return await test(options, {});
    await using cluster = await ownCluster(interruption.signal);
    return await test(options, { cluster_seconds_cached: Math.round(cluster.seconds) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function test(options: Options, counts: Record<string, number>): Promise<number> {
  const paths = labPaths();
  await ensureEnvironmentFile(paths.environmentFile);
  const settings = await loadSettings(paths);
  const stack = await KubernetesStack.open(paths, settings);
  const subject = { stack, paths, settings, options, counts, say };
  try {
    const began = performance.now();
    await stack.start({ progress: (line) => say(`  ${line}`), signal: interruption.signal });
    counts['up_seconds'] = Math.round((performance.now() - began) / 1000);
    const memory = clusterMemory(paths);
    if (memory !== undefined) counts['memory_mb_cluster'] = Math.round(memory / MEBIBYTE);
    const failures = await tryAll(subject);
    for (const [name, value] of Object.entries(counts)) console.log(`${name}: ${value}`);
    console.log(`parts: ${stack.parts.join(', ')}`);
    console.log(
      `test-kubernetes: ${failures.length === 0 ? 'every promise held' : `broken: ${failures.join('; ')}`}`,
    );
    if (failures.length > 0) return 1;
    if (options.whole)
      await writeFigures(ROOT, 'kubernetes', {
        command: `make test-kubernetes CHAOS=${options.chaos}`,
        figures: { ...counts, ...mostPodsSimulated() },
      });
    return 0;
  } finally {
    await stack.stop(say, { remove: true });
  }
}

/** @returns titles of what did not hold. @throws the reason of an interruption. */
async function tryAll(subject: Subject): Promise<string[]> {
  const failures: string[] = [];
  const { signal } = interruption;
  for (const { title, run } of plan(subject)) {
    signal.throwIfAborted();
    const start = performance.now();
    try {
      await run(signal);
      say(`ok      ${title} (${formatDuration(performance.now() - start)})`);
    } catch (error) {
      failures.push(title);
      say(`broken  ${title}: ${describeError(error)}`);
    }
  }
  signal.throwIfAborted();
  return failures;
}
