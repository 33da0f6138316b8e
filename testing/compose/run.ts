/**
 * `make test-compose`: compose.yaml on a real container engine. Builds our images, starts what can be had, follows a request,
 * kills and pauses parts, counts what was lost. Where no image registry can be reached, stand-ins take the images' place
 * (stand-ins/); parts that have neither are left out by name. What was real and what was not is said at the end.
 *
 * Runs a lab of its own (project, ports, folder), and removes it. Exit status 0: held, 1: a promise was broken, 2: could not run.
 *
 * --quick               only the signals, the walls and the configuration: minutes
 * --only GROUP,GROUP    only these groups (options.ts)
 * --lines N, --writes N how much the counted proofs write, default 200,000 and 10,000; 0 leaves one out
 * --soak 30m            besides: so long at the profile `average`, memory against each limit
 * --chaos core|all|NAME,NAME  besides, first of all: these experiments (--patience N: with every limit times this)
 * --restart-engine COMMAND    besides, last of all: has COMMAND restart the engine, which stops everybody's containers
 */
import { rmSync } from 'node:fs';
import {
  ComposeCommand,
  describeError,
  ensureEnvironmentFile,
  FullStack,
  formatDuration,
  labPaths,
  loadSettings,
  requireEngine,
} from '@lab/cli';
import { ensureCompose } from '@lab/workshop';
import { obtainImages, switchOff } from './images.ts';
import { type Options, readOptions } from './options.ts';
import { ownLab } from './own-lab.ts';
import { plan } from './plan.ts';
import { watchMemory } from './proofs/memory.ts';
import { watchOutOfMemory } from './proofs/out-of-memory.ts';
import { printOutcome, publishOutcome } from './report.ts';
import type { Check, Subject } from './subject.ts';

const BUILD_TIMEOUT_MS = 20 * 60_000;
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
  await requireEngine();
  const { folder, variables } = await ownLab(`labtest${process.pid}`);
  Object.assign(process.env, variables);
  try {
    return await test(options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function test(options: Options): Promise<number> {
  const paths = labPaths();
  await ensureEnvironmentFile(paths.environmentFile);
  const settings = await loadSettings(paths);
  const leftOut = await obtainImages(await FullStack.open(paths, settings), say);
  switchOff(leftOut);
  const stack = await FullStack.open(paths, settings, leftOut);
  const buildBegan = performance.now();
  await new ComposeCommand(paths).compose(['build', ...stack.parts], { timeoutMs: BUILD_TIMEOUT_MS });
  const built = formatDuration(performance.now() - buildBegan);
  const counts: Record<string, number> = {};
  await using releases = new AsyncDisposableStack();
  const subject = { stack, paths, settings, leftOut, options, counts, releases, say };
  try {
    const began = performance.now();
    await using outOfMemory = watchOutOfMemory();
    await stack.start({ progress: (line) => say(`  ${line}`), signal: interruption.signal });
    const upSeconds = (performance.now() - began) / 1000;
    await using memory = watchMemory(stack);
    const failures = await tryAll(subject);
    const peaks = await memory.stop();
    const killed = await outOfMemory.stop();
    counts['oom_kills'] = killed.length;
    if (killed.length > 0) failures.push(`killed for memory: ${killed.join(', ')}`);
    const outcome = { parts: stack.parts, leftOut, upSeconds, counts, peaks };
    await printOutcome(outcome);
    console.log(
      `test-compose: ${failures.length === 0 ? 'every promise held' : `broken: ${failures.join('; ')}`}; ` +
        `our images built in ${built}, ${stack.parts.length} parts up in ${upSeconds.toFixed(0)} s`,
    );
    if (failures.length > 0) return 1;
    if (options.whole) await publishOutcome(outcome);
    return 0;
  } finally {
    await stack.stop(say, { remove: true });
  }
}

/** @returns titles of what did not hold. @throws the reason of an interruption. */
async function tryAll(subject: Subject): Promise<string[]> {
  const failures: string[] = [];
  const { signal } = interruption;
  const tryOne = async ({ title, needs = [], run }: Check) => {
    signal.throwIfAborted();
    const absent = needs.filter((part) => subject.leftOut.includes(part));
    if (absent.length > 0) return say(`left out ${title}: there is no ${absent.join(', ')} here`);
    const start = performance.now();
    try {
      await run(signal);
      say(`ok      ${title} (${formatDuration(performance.now() - start)})`);
    } catch (error) {
      failures.push(title);
      say(`broken  ${title}: ${describeError(error)}`);
    }
  };
  for (const step of plan(subject)) {
    const lanes = 'title' in step ? [[step]] : step;
    await Promise.all(
      lanes.map(async (lane) => {
        for (const check of lane) await tryOne(check);
      }),
    );
  }
  signal.throwIfAborted();
  return failures;
}
