/**
 * `make test-compose`: compose.yaml on a real container engine. Builds our images, starts what can be had, follows a request,
 * kills and pauses parts, counts what was lost. Where no image registry can be reached, stand-ins take the images' place
 * (stand-ins/); parts that have neither are left out by name. What was real and what was not is said at the end.
 *
 * Runs a lab of its own (project, ports, folder), and removes it. Exit status 0: held, 1: a promise was broken, 2: could not run.
 * Options: --lines N, --writes N (default 200,000 and 10,000): how much the counted proofs write; 0 leaves one out.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { imagesOf, isPinned } from '../../compose/src/images.ts';
import { memoryTotals, startedByDefault } from '../../compose/src/memory.ts';
import { ROOT, readCompose } from '../../compose/src/read-compose.ts';
import { describeError } from '../../lab/src/cli/failure.ts';
import { formatDuration } from '../../lab/src/cli/output.ts';
import { writeFigures } from '../../lab/src/measure/figures-file.ts';
import { ensureEnvironmentFile } from '../../lab/src/settings/environment-file.ts';
import { labPaths } from '../../lab/src/settings/paths.ts';
import { loadSettings } from '../../lab/src/settings/settings.ts';
import { portsOfMode } from '../../lab/src/settings/variables.ts';
import { ComposeCommand, requireEngine } from '../../lab/src/stack/full/compose-command.ts';
import { FullStack } from '../../lab/src/stack/full/stack.ts';
import { freePort } from '../src/free-port.ts';
import { checks } from './checks.ts';
import { obtainImages, standInOf } from './images.ts';
import { watchMemory } from './proofs/memory.ts';
import { ensureCompose } from './stand-ins/compose-plugin.ts';
import { WITHOUT_STAND_IN } from './stand-ins/recipes.ts';

const { values } = parseArgs({
  options: { lines: { type: 'string', default: '200000' }, writes: { type: 'string', default: '10000' } },
});
const folder = mkdtempSync(join(tmpdir(), 'lab-compose-'));
process.env['LAB_STATE_DIR'] = folder;
process.env['COMPOSE_PROJECT_NAME'] = `labtest${process.pid}`;
const BUILD_TIMEOUT_MS = 20 * 60_000;
const ports = new Set<number>();
for (const name of portsOfMode('full')) {
  let port = await freePort();
  // A port that was let go may be given again.
  while (ports.has(port)) port = await freePort();
  ports.add(port);
  process.env[name] = String(port);
}
const say = (line: string) => process.stderr.write(`${line}\n`);
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => interruption.abort(new Error(`interrupted by ${name}`)));

process.exitCode = await main().catch((error: unknown) => {
  say(`could not run: ${describeError(error)}`);
  return 2;
});

async function main(): Promise<number> {
  await ensureCompose(say);
  await requireEngine();
  const paths = labPaths();
  await ensureEnvironmentFile(paths.environmentFile);
  const settings = await loadSettings(paths);
  const leftOut = await obtainImages(await FullStack.open(paths, settings), say);
  const stack = await FullStack.open(paths, settings, leftOut);
  const failures: string[] = [];
  const counts: Record<string, number> = {};
  const buildBegan = performance.now();
  await new ComposeCommand(paths).compose(['build', ...stack.parts], { timeoutMs: BUILD_TIMEOUT_MS });
  const buildSeconds = (performance.now() - buildBegan) / 1000;
  const began = performance.now();
  let upSeconds = 0;
  try {
    await stack.start({ progress: (line) => say(`  ${line}`), signal: interruption.signal });
    upSeconds = (performance.now() - began) / 1000;
    const memory = watchMemory(stack);
    const subject = {
      stack,
      settings,
      leftOut,
      counts,
      lines: Number(values.lines),
      writes: Number(values.writes),
    };
    try {
      for (const { title, run } of checks(subject)) {
        interruption.signal.throwIfAborted();
        const start = performance.now();
        try {
          await run(interruption.signal);
          say(`ok      ${title} (${formatDuration(performance.now() - start)})`);
        } catch (error) {
          failures.push(title);
          say(`broken  ${title}: ${describeError(error)}`);
        }
      }
    } finally {
      Object.assign(counts, await memory.stop());
    }
  } finally {
    await stack.remove(say);
    execFileSync('rm', ['-rf', folder]);
  }
  console.log('really run:');
  for (const part of stack.parts)
    console.log(`  ${part}: ${(await standInOf(part)) ?? "compose.yaml's image, or our own"}`);
  console.log('left out:');
  for (const part of leftOut)
    console.log(`  ${part}: ${WITHOUT_STAND_IN[part] ?? 'waits for one that is left out'}`);
  for (const [name, value] of Object.entries(counts)) console.log(`${name}: ${value}`);
  console.log(
    `test-compose: ${failures.length === 0 ? 'every promise held' : `broken: ${failures.join('; ')}`}; ` +
      `our images built in ${buildSeconds.toFixed(0)} s, ${stack.parts.length} parts up in ${upSeconds.toFixed(0)} s`,
  );
  if (failures.length > 0) return 1;
  await writeCounts(stack.parts.length, upSeconds, counts);
  return 0;
}

/** @param run number of parts that really ran. */
async function writeCounts(run: number, upSeconds: number, counts: Record<string, number>): Promise<void> {
  const compose = readCompose();
  const images = imagesOf(compose);
  const { all, withoutKibana } = memoryTotals(compose);
  const figures = {
    services: startedByDefault(compose).length,
    services_run: run,
    limit_mb_total: all,
    limit_mb_without_kibana: withoutKibana,
    images_pinned: images.filter(isPinned).length,
    images_total: images.length,
    up_seconds: Math.round(upSeconds),
  };
  const command = 'make test-compose';
  await writeFigures(ROOT, 'full', { command, figures });
  await writeFigures(ROOT, 'verification', { command, figures: { containers_run: run, ...counts } });
}
