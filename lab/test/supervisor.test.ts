import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freePort, temporaryFolder } from '@lab/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signalProcess } from '../src/process/end-process.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../src/process/process-table.ts';
import { rotateIfLarge } from '../src/supervisor/output-file.ts';
import type { Part } from '../src/supervisor/part.ts';
import { Supervisor, type SupervisorOptions } from '../src/supervisor/supervisor.ts';
import { tinyPart } from './fixtures/tiny-part.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let id: string;
const started: Supervisor[] = [];
let log: string[];

beforeEach(async () => {
  folder = await temporaryFolder();
  id = randomUUID();
  log = [];
});

afterEach(async () => {
  for (const supervisor of started.splice(0)) await supervisor.stop();
  await folder[Symbol.asyncDispose]();
});

function supervise(parts: Part[], options: Partial<SupervisorOptions> = {}): Supervisor {
  const supervisor = new Supervisor({
    id,
    parts,
    runFolder: join(folder.path, 'run'),
    logFolder: join(folder.path, 'logs'),
    log: (line) => log.push(line),
    backOff: { firstMs: 20, maxMs: 200, forgivenAfterMs: 10_000 },
    ...options,
  });
  started.push(supervisor);
  return supervisor;
}

function statusOf(supervisor: Supervisor, name: string) {
  const status = supervisor.status().find((part) => part.name === name);
  if (!status) throw new Error(`expected a part ${name}`);
  return status;
}

async function ready(supervisor: Supervisor, ...names: string[]): Promise<void> {
  for (const name of names)
    await eventually(`${name} to be ready`, () => statusOf(supervisor, name).state === 'ready');
}

/** The process behind a part, known by more than its number. */
function processOf(supervisor: Supervisor, name: string): ProcessIdentity {
  return identityOf(statusOf(supervisor, name).pid ?? 0);
}

describe('the supervisor', () => {
  it('starts a part only after those it depends on are ready, and stops it before them', async () => {
    const [first, second] = [await freePort(), await freePort()];
    const supervisor = supervise([
      tinyPart('second', second, { id, dependsOn: ['first'] }),
      tinyPart('first', first, { id }),
    ]);
    await supervisor.start();
    await ready(supervisor, 'first', 'second');
    await supervisor.stop();
    const order = log
      .filter((line) => /(ready|starting|stopped)/.test(line))
      .map((line) => line.replace(/:.*/, ''));
    expect(order).toEqual([
      'first starting',
      'first ready',
      'second starting',
      'second ready',
      'second stopped',
      'first stopped',
    ]);
  });

  it('refuses parts that depend on each other, or on nobody', () => {
    expect(() =>
      supervise([tinyPart('a', 1, { id, dependsOn: ['b'] }), tinyPart('b', 2, { id, dependsOn: ['a'] })]),
    ).toThrow('a → b → a');
    expect(() => supervise([tinyPart('a', 1, { id, dependsOn: ['c'] })])).toThrow('depends on c');
  });

  it('starts a part again that was killed, and counts it', async () => {
    const supervisor = supervise([tinyPart('only', await freePort(), { id })]);
    await supervisor.start();
    await ready(supervisor, 'only');
    const before = processOf(supervisor, 'only');
    expect(supervisor.runner('only').kill()).toBe(true);
    await eventually('the restart', () => statusOf(supervisor, 'only').restarts === 1);
    await ready(supervisor, 'only');
    const { pid, lastEnd } = statusOf(supervisor, 'only');
    expect(pid).not.toBe(before.pid);
    expect(lastEnd).toBe('ended by SIGKILL');
  });

  it('keeps trying a part that always crashes, ever less often, while the others run', async () => {
    const supervisor = supervise([
      tinyPart('broken', await freePort(), { id, env: { CRASH: '1' } }),
      tinyPart('fine', await freePort(), { id }),
    ]);
    await supervisor.start();
    await ready(supervisor, 'fine');
    await eventually('four attempts', () => statusOf(supervisor, 'broken').restarts >= 4);
    expect(statusOf(supervisor, 'broken').lastEnd).toBe('exited with 3');
    expect(statusOf(supervisor, 'fine').restarts).toBe(0);
    expect(await readFile(join(folder.path, 'logs', 'broken.log'), 'utf8')).toContain('something is wrong');
    await supervisor.runner('broken').stop();
    expect(statusOf(supervisor, 'broken').state).toBe('stopped');
  });

  it('says why a part is not ready, and why one cannot be started at all', async () => {
    const supervisor = supervise([
      tinyPart('hesitant', await freePort(), {
        id,
        isReady: () => Promise.reject(new Error('it is still counting its blessings')),
      }),
      tinyPart('absent', await freePort(), {
        id,
        prepare: () => ({ command: '/nowhere/to/be/found', args: [], cwd: '/', env: {} }),
      }),
    ]);
    await supervisor.start();
    await eventually('both reasons', () => {
      return (
        statusOf(supervisor, 'hesitant').notReady === 'it is still counting its blessings' &&
        statusOf(supervisor, 'absent').lastEnd?.includes('/nowhere/to/be/found could not be started')
      );
    });
  });

  it('ends a part by force that ignores the request to end', async () => {
    const supervisor = supervise([
      tinyPart('deaf', await freePort(), { id, env: { DEAF: '1' }, stopDeadlineMs: 300 }),
    ]);
    await supervisor.start();
    await ready(supervisor, 'deaf');
    const process = processOf(supervisor, 'deaf');
    await supervisor.runner('deaf').stop();
    expect(isRunning(process)).toBe(false);
    expect(log.join('\n')).toContain('ended by force');
  });

  it('starts a part again that is asked for while it is being stopped, unless the last word is to stop', async () => {
    const slow = tinyPart('deaf', await freePort(), { id, env: { DEAF: '1' }, stopDeadlineMs: 300 });
    const supervisor = supervise([slow]);
    await supervisor.start();
    await ready(supervisor, 'deaf');
    const runner = supervisor.runner('deaf');
    const process = processOf(supervisor, 'deaf');
    const stopped = runner.stop();
    runner.start();
    await stopped;
    await ready(supervisor, 'deaf');
    expect(processOf(supervisor, 'deaf').pid).not.toBe(process.pid);

    const again = runner.stop();
    runner.start();
    await Promise.all([again, runner.stop()]);
    expect(statusOf(supervisor, 'deaf')).toMatchObject({ state: 'stopped' });
  });

  it('pauses a part without ending it, resumes it, and stops it even while it is paused', async () => {
    const port = await freePort();
    const supervisor = supervise([tinyPart('only', port, { id })]);
    await supervisor.start();
    await ready(supervisor, 'only');
    const process = processOf(supervisor, 'only');
    const ask = () => fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(200) });
    await supervisor.runner('only').pause();
    await expect(ask()).rejects.toThrow();
    expect(statusOf(supervisor, 'only').paused).toBe(true);
    await supervisor.runner('only').resume();
    await eventually('an answer', async () => (await ask()).ok);
    await supervisor.runner('only').pause();
    await supervisor.runner('only').stop();
    expect(isRunning(process)).toBe(false);
    expect(statusOf(supervisor, 'only')).toMatchObject({ state: 'stopped', paused: false, restarts: 0 });
  });

  it('stops while a part waits for another that never gets ready', async () => {
    const supervisor = supervise([
      tinyPart('never', await freePort(), { id, isReady: async () => false }),
      tinyPart('waiting', await freePort(), { id, dependsOn: ['never'] }),
    ]);
    await supervisor.start();
    await eventually('the first to start', () => statusOf(supervisor, 'never').state === 'starting');
    expect(statusOf(supervisor, 'waiting').state).toBe('waiting');
    await supervisor.stop();
    expect(supervisor.status().map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });

  it('does its work after a part is ready before dependent parts start, at every start', async () => {
    const done: string[] = [];
    const supervisor = supervise([
      tinyPart('first', await freePort(), {
        id,
        afterReady: async () => {
          done.push(`prepared while second was ${statusOf(supervisor, 'second').state}`);
        },
      }),
      tinyPart('second', await freePort(), { id, dependsOn: ['first'] }),
    ]);
    await supervisor.start();
    await ready(supervisor, 'second');
    expect(done).toEqual(['prepared while second was waiting']);
    await supervisor.runner('first').restart();
    await ready(supervisor, 'first');
    expect(done).toEqual(['prepared while second was waiting', 'prepared while second was ready']);
  });

  it('stops everything when its run folder is deleted under it', async () => {
    const lost = Promise.withResolvers<void>();
    const supervisor = supervise([tinyPart('only', await freePort(), { id })], {
      rotateEveryMs: 50,
      onLost: () => lost.resolve(),
    });
    await supervisor.start();
    await ready(supervisor, 'only');
    const process = processOf(supervisor, 'only');
    await rm(join(folder.path, 'run'), { recursive: true });
    await lost.promise;
    expect(isRunning(process)).toBe(false);
    expect(existsSync(join(folder.path, 'run'))).toBe(false);
  });

  it('moves output that grew large out of the way while the part goes on writing', async () => {
    const supervisor = supervise([tinyPart('chatty', await freePort(), { id, env: { CHATTER: '1' } })]);
    await supervisor.start();
    const file = join(folder.path, 'logs', 'chatty.log');
    const size = async () => (await stat(file)).size;
    await eventually('some output', async () => (await size()) > 5_000);
    expect(rotateIfLarge(file, 1_000)).toBe(true);
    expect((await stat(`${file}.1`)).size).toBeGreaterThan(5_000);
    await eventually('more output', async () => (await size()) > 1_000);
    // A file with a hole at its beginning would mean that the part writes at its old place.
    expect(await readFile(file, 'utf8')).not.toContain('\0');
    expect(rotateIfLarge(file, 1_000)).toBe(true);
    expect(existsSync(`${file}.2`)).toBe(true);
  });

  it('sends no signal to a process that merely has the number of one that ended', async () => {
    const supervisor = supervise([tinyPart('bystander', await freePort(), { id })]);
    await supervisor.start();
    await ready(supervisor, 'bystander');
    const bystander = processOf(supervisor, 'bystander');
    expect(signalProcess({ pid: bystander.pid, startedAt: 'another-time' }, 'SIGKILL')).toBe(false);
    expect(isRunning(bystander)).toBe(true);
  });
});
