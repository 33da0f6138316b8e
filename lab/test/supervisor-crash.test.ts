import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freePort, temporaryFolder } from '@lab/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signalProcess } from '../src/process/end-process.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../src/process/process-table.ts';
import { controlAddress, readEndpoint } from '../src/supervisor/control.ts';
import { SupervisorClient } from '../src/supervisor/control-client.ts';
import { endLeftovers, MARK, recordedLeftovers } from '../src/supervisor/leftovers.ts';
import { readState, stateFile, writeState } from '../src/supervisor/state-file.ts';
import { TINY_PROGRAM } from './fixtures/tiny-part.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let id: string;
let runFolder: string;
const supervisors: ChildProcess[] = [];
const strangers: ChildProcess[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  id = randomUUID();
  runFolder = join(folder.path, 'run');
});

afterEach(async () => {
  for (const child of [...supervisors.splice(0), ...strangers.splice(0)]) child.kill('SIGKILL');
  await endLeftovers(runFolder, id);
  await folder[Symbol.asyncDispose]();
});

interface PartOrder {
  name: string;
  port: number;
  env?: Record<string, string>;
}

async function startSupervisor(parts: PartOrder[]): Promise<SupervisorClient> {
  const order = JSON.stringify({ id, runFolder, logFolder: join(folder.path, 'logs'), parts });
  const program = join(import.meta.dirname, 'fixtures', 'daemon.ts');
  const child = spawn(process.execPath, [program], { env: { ORDER: order }, stdio: 'ignore' });
  supervisors.push(child);
  return eventually('the supervisor to answer', async () => {
    const client = await SupervisorClient.connect(runFolder);
    return client?.identity.pid === child.pid && (await client?.status()) ? client : undefined;
  });
}

async function readyPart(client: SupervisorClient, name: string) {
  return eventually(`${name} to be ready`, async () =>
    (await client.status()).parts.find((part) => part.name === name && part.state === 'ready'),
  );
}

async function killSupervisor(): Promise<void> {
  const child = supervisors.pop();
  if (!child) throw new Error('expected a supervisor');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** A program that nobody here watches. */
async function stranger(env: Record<string, string> = {}): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, [TINY_PROGRAM], {
    env: { PORT: String(await freePort()), ...env },
    stdio: 'ignore',
  });
  strangers.push(child);
  await once(child, 'spawn');
  return identityOf(child.pid ?? 0);
}

describe('after a kill -9 of the supervisor', () => {
  it('the parts live on, and the next one takes them over without a restart', async () => {
    const parts = [{ name: 'only', port: await freePort() }];
    const before = await readyPart(await startSupervisor(parts), 'only');
    await killSupervisor();
    expect(await SupervisorClient.connect(runFolder)).toBeUndefined();
    const next = await startSupervisor(parts);
    const after = await readyPart(next, 'only');
    expect(after).toMatchObject({ pid: before.pid, restarts: 0 });
    await next.act('only', 'kill');
    const repaired = await eventually('a repair', async () => {
      const part = (await next.status()).parts.find(
        ({ state, restarts }) => state === 'ready' && restarts === 1,
      );
      return part;
    });
    expect(repaired.pid).not.toBe(before.pid);
  });

  it('a part whose command changed meanwhile is ended and started anew', async () => {
    const port = await freePort();
    const before = await readyPart(await startSupervisor([{ name: 'only', port }]), 'only');
    const old = identityOf(before.pid ?? 0);
    await killSupervisor();
    const next = await startSupervisor([{ name: 'only', port, env: { NEW: 'setting' } }]);
    await readyPart(next, 'only');
    expect(isRunning(old)).toBe(false);
  });

  it('a part that the next one does not know is ended', async () => {
    const [kept, dropped] = [await freePort(), await freePort()];
    const first = await startSupervisor([
      { name: 'kept', port: kept },
      { name: 'dropped', port: dropped },
    ]);
    const orphan = identityOf((await readyPart(first, 'dropped')).pid ?? 0);
    await readyPart(first, 'kept');
    await killSupervisor();
    await readyPart(await startSupervisor([{ name: 'kept', port: kept }]), 'kept');
    expect(isRunning(orphan)).toBe(false);
  });

  it('ending the leftovers ends every part, also one that was started but not yet recorded', async () => {
    const client = await startSupervisor([{ name: 'only', port: await freePort() }]);
    const recorded = identityOf((await readyPart(client, 'only')).pid ?? 0);
    const unrecorded = await stranger({ [MARK]: id });
    await killSupervisor();
    const ended = await endLeftovers(runFolder, id);
    expect(ended).toContain('only');
    expect(isRunning(recorded)).toBe(false);
    expect(isRunning(unrecorded)).toBe(false);
    expect(await readState(runFolder)).toBeUndefined();
  });

  it('a program that meanwhile got the number of a part is left alone', async () => {
    const bystander = await stranger();
    await writeState(runFolder, {
      supervisor: { pid: bystander.pid, startedAt: 'long ago' },
      parts: [
        {
          name: 'only',
          pid: bystander.pid,
          startedAt: 'long ago',
          fingerprint: 'whatever',
          since: new Date().toISOString(),
          restarts: 0,
          stopSignal: 'SIGTERM',
        },
      ],
    });
    expect(await recordedLeftovers(runFolder)).toEqual([]);
    expect(await endLeftovers(runFolder, id)).toEqual([]);
    expect(isRunning(bystander)).toBe(true);
  });

  it('a damaged record counts as none', async () => {
    await mkdir(runFolder, { recursive: true });
    await writeFile(stateFile(runFolder), '{"supervisor": {"pid": 1');
    expect(await readState(runFolder)).toBeUndefined();
    await writeFile(stateFile(runFolder), '{"supervisor": {"pid": -1, "startedAt": "x"}, "parts": []}');
    expect(await readState(runFolder)).toBeUndefined();
  });
});

describe('asking the supervisor', () => {
  it('is answered only with the token of the run folder', async () => {
    const client = await startSupervisor([{ name: 'only', port: await freePort() }]);
    await readyPart(client, 'only');
    const endpoint = await readEndpoint(runFolder);
    if (!endpoint) throw new Error('expected an endpoint');
    await writeFile(join(runFolder, 'supervisor.json'), JSON.stringify({ ...endpoint, token: 'guessed' }));
    const intruder = await SupervisorClient.connect(runFolder);
    await expect(intruder?.shutdown()).rejects.toThrow('expected the token');
    expect(isRunning(client.identity)).toBe(true);
  });

  it('names the parts there are when asked for one there is not', async () => {
    const client = await startSupervisor([{ name: 'only', port: await freePort() }]);
    await expect(client.act('other', 'kill')).rejects.toThrow('other is no part: expected one of only');
  });

  it('works over loopback where the path is too long for a socket', async () => {
    runFolder = join(folder.path, 'a-folder-with-a-long-name'.repeat(5), 'run');
    expect(controlAddress(runFolder)).toEqual({ port: 0 });
    const client = await startSupervisor([{ name: 'only', port: await freePort() }]);
    await readyPart(client, 'only');
    await client.shutdown();
    await eventually('the supervisor to end', () => !isRunning(client.identity));
  });

  it('a shutdown ends parts and supervisor and leaves no record', async () => {
    const client = await startSupervisor([{ name: 'only', port: await freePort() }]);
    const part = identityOf((await readyPart(client, 'only')).pid ?? 0);
    await client.shutdown();
    await eventually('the supervisor to end', () => !isRunning(client.identity));
    expect(isRunning(part)).toBe(false);
    expect(await readState(runFolder)).toBeUndefined();
    expect(await readEndpoint(runFolder)).toBeUndefined();
  });

  it('a terminal that closes (SIGHUP) does not end it', async () => {
    const client = await startSupervisor([{ name: 'only', port: await freePort() }]);
    await readyPart(client, 'only');
    signalProcess(client.identity, 'SIGHUP');
    expect((await client.status()).parts[0]?.state).toBe('ready');
    expect(isRunning(client.identity)).toBe(true);
  });
});
