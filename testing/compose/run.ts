/**
 * `make test-compose`: compose.yaml on a real container engine. Builds our images, starts what can be had, follows a request,
 * kills and pauses parts. Parts whose images this engine neither has nor can pull are left out by name and listed at the end.
 *
 * Runs a lab of its own (project, ports, folder), and removes it. Exit status 0: held, 1: a promise was broken, 2: could not run.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { requireEngine } from '../../lab/src/stack/full/compose-command.ts';
import { FullStack } from '../../lab/src/stack/full/stack.ts';
import { freePort } from '../src/free-port.ts';
import { checks } from './checks.ts';
import { partsWithoutImage } from './images.ts';

const folder = mkdtempSync(join(tmpdir(), 'lab-compose-'));
process.env['LAB_STATE_DIR'] = folder;
process.env['COMPOSE_PROJECT_NAME'] = `labtest${process.pid}`;
for (const port of portsOfMode('full')) process.env[port] = String(await freePort());
const say = (line: string) => process.stderr.write(`${line}\n`);
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => interruption.abort(new Error(`interrupted by ${name}`)));

process.exitCode = await main().catch((error: unknown) => {
  say(`could not run: ${describeError(error)}`);
  return 2;
});

async function main(): Promise<number> {
  await requireEngine();
  const paths = labPaths();
  await ensureEnvironmentFile(paths.environmentFile);
  const settings = await loadSettings(paths);
  const leftOut = partsWithoutImage(await FullStack.open(paths, settings));
  const stack = await FullStack.open(paths, settings, leftOut);
  const failures: string[] = [];
  const began = performance.now();
  let upSeconds = 0;
  try {
    await stack.start({ progress: (line) => say(`  ${line}`), signal: interruption.signal });
    upSeconds = (performance.now() - began) / 1000;
    for (const { title, run } of checks({ stack, settings, leftOut })) {
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
    await stack.remove(say);
    execFileSync('rm', ['-rf', folder]);
  }
  if (failures.length === 0) await writeCounts(stack.parts.length);
  console.log(`really run: ${stack.parts.join(', ')}`);
  console.log(`left out (no image): ${leftOut.join(', ') || 'nothing'}`);
  console.log(
    `test-compose: ${failures.length === 0 ? 'every promise held' : `broken: ${failures.join('; ')}`}; ` +
      `${stack.parts.length} parts up in ${upSeconds.toFixed(0)} s, images of ours built included`,
  );
  return failures.length === 0 ? 0 : 1;
}

/** @param run number of parts that really ran. */
async function writeCounts(run: number): Promise<void> {
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
  };
  await writeFigures(ROOT, 'full', { command: 'make test-compose', figures });
}
