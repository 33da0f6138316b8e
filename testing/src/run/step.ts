/** Runs one step of the test run as a child process: output to a file, its end to the terminal when it fails. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

export interface Counts {
  passed: number;
  failed: number;
}

export interface Step {
  name: string;
  command: string[];
  /** Names of the steps that end before this one starts; those that are not part of the run are not waited for. */
  after?: readonly string[];
  env?: Record<string, string>;
  /** Makes ready what the command needs; throwing fails the step. */
  before?: () => Promise<Record<string, string>>;
  /** Counts the tests that the command ran; without it the step counts as one. */
  counts?: () => Promise<Counts>;
}

/** Never throws: whatever goes wrong is a failed step. */
export async function runStep(step: Step, options: { cwd: string; logFile: string }): Promise<Counts> {
  const start = performance.now();
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const prepared = (await step.before?.()) ?? {};
    const code = await execute(step, prepared, options);
    const counts = step.counts
      ? await step.counts()
      : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
    // A runner that fails without a failed test (a hook, an unhandled error, no test found) has failed all the same.
    if ((code !== 0 || counts.passed === 0) && counts.failed === 0) counts.failed = 1;
    const verdict = counts.failed === 0 ? 'ok    ' : 'FAILED';
    console.log(`${verdict} ${step.name} (${counts.passed} passed, ${counts.failed} failed, ${took()})`);
    if (counts.failed > 0) console.log(await lastLines(options.logFile, 120));
    return counts;
  } catch (error) {
    console.log(`FAILED ${step.name} (${took()}): ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1 };
  }
}

async function execute(
  step: Step,
  prepared: Record<string, string>,
  { cwd, logFile }: { cwd: string; logFile: string },
): Promise<number | null> {
  const [command = '', ...args] = step.command;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...step.env, ...prepared, NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const [code] = await once(child, 'close');
  log.end();
  await once(log, 'close');
  return code;
}

async function lastLines(file: string, count: number): Promise<string> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const kept = lines.slice(-count);
  const left = lines.length - kept.length;
  return [
    left > 0 ? `  … ${left} lines before, all in ${file}` : '',
    ...kept.map((line) => `  ${line}`),
  ].join('\n');
}
