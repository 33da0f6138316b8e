/**
 * Lite mode as a person uses it, in a lab of its own beside the one that the other specs share: same checkout, other
 * ports, other state. One story, told in order: each test begins where the one before ended.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimPorts, eventually, type PortBlock } from '@lab/testing';
import { repairEach, SteadyLoad } from '@lab/workshop';
import { expect, test } from '@playwright/test';
import { signalProcess } from '../src/process/end-process.ts';
import { identityOf } from '../src/process/process-table.ts';
import { signInAsLab } from '../src/readiness/probe-request.ts';
import { loadedRules, query } from '../src/readiness/prometheus-client.ts';
import { labPaths } from '../src/settings/paths.ts';
import { loadSettings } from '../src/settings/settings.ts';
import { portsOfMode } from '../src/settings/variables.ts';
import { accountForLines } from '../src/signals/log-accounting.ts';
import { LiteStack } from '../src/stack/lite/stack.ts';
import { readEndpoint } from '../src/supervisor/control.ts';
import { markedProcesses } from '../src/supervisor/leftovers.ts';

test.describe.configure({ mode: 'serial', timeout: 120_000 });

const root = join(import.meta.dirname, '..', '..');
const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
// Playwright colours what it starts; what is compared here is plain.
delete env['FORCE_COLOR'];
delete env['LAB_DIR'];
const since = new Date().toISOString();

interface Answer {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs `lab` to its end, whatever that is. */
function lab(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const program = join(root, 'lab', 'src', 'main.ts');
    execFile(process.execPath, [program, ...args], { env, cwd: root }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function stackInUse(): Promise<LiteStack> {
  const paths = labPaths(env);
  return LiteStack.open(paths, await loadSettings(paths, env));
}

async function ready(stack: LiteStack, part: string, restarts = 0): Promise<void> {
  await eventually(
    `${part} to be ready`,
    async () =>
      (await stack.status()).find(
        (each) => each.name === part && each.state === 'ready' && each.restarts >= restarts,
      ),
    { deadlineMs: 60_000 },
  );
}

let claim: PortBlock | undefined;

test.beforeAll(async () => {
  env['LAB_STATE_DIR'] = await mkdtemp(join(tmpdir(), 'lab-e2e-'));
  env['LAB_TOOLS_DIR'] ??= join(root, '.lab', 'tools');
  const names = portsOfMode('lite');
  claim = await claimPorts(names.length);
  for (const [place, name] of names.entries()) env[name] = String(claim.ports[place]);
});

test.afterAll(async () => {
  await lab('clean');
  await claim?.[Symbol.asyncDispose]();
  await rm(env['LAB_STATE_DIR'] ?? '', { recursive: true, force: true });
});

test('a port that is taken is named with its owner, and nothing is started', async () => {
  const server = createServer().listen(Number(env['PROMETHEUS_PORT']), '127.0.0.1');
  try {
    const { status, stderr } = await lab('up');
    expect(status).toBe(2);
    expect(stderr).toContain(`port ${env['PROMETHEUS_PORT']} (PROMETHEUS_PORT) is taken by`);
    expect(stderr).toContain(`(pid ${process.pid})`);
    expect(markedProcesses(labPaths(env).id)).toEqual([]);
  } finally {
    server.close();
  }
});

test('up ends when a request was read back from every signal, with the table on stdout', async () => {
  const { status, stdout, stderr } = await lab('up');
  expect(stderr).toMatch(/metric: .*\n/);
  for (const signal of ['metric', 'targets', 'log line', 'trace', 'rules', 'alerts'])
    expect(stderr).toContain(`${signal}: `);
  expect(status).toBe(0);
  expect(stdout).toContain(`http://127.0.0.1:${env['WEB_PORT']}`);
  expect(stdout).not.toContain('is ready');
  const report = await lab('status');
  expect(report.status).toBe(0);
  for (const part of ['postgres', 'api', 'worker', 'web', 'console', 'prometheus', 'alertmanager'])
    expect(report.stdout).toMatch(new RegExp(`^${part} +ready +`, 'm'));
});

test('a second up changes nothing and prints the table again', async () => {
  const stack = await stackInUse();
  const pids = async () =>
    JSON.parse((await lab('status', '--json')).stdout).parts.map(({ since: at }: { since: string }) => at);
  const before = await pids();
  const { status, stdout, stderr } = await lab('up');
  expect({ status, stderr: stderr.trim() }).toEqual({ status: 0, stderr: 'the lab was up already' });
  expect(stdout).toContain(stack.addresses.console);
  expect(await pids()).toEqual(before);
});

test('every part repairs itself after a kill -9 under load, and no log line is lost or doubled', async () => {
  const stack = await stackInUse();
  const { secrets } = await loadSettings(labPaths(env), env);
  const cookie = await signInAsLab(stack.addresses.web, secrets.SESSION_SECRET, AbortSignal.timeout(20_000));
  const load = new SteadyLoad({ webUrl: stack.addresses.web, cookie, rate: 20 });
  const repairs = await repairEach(stack, () => undefined);
  expect(repairs.map(({ part }) => part)).toEqual(stack.parts);
  // Until the traffic flows again a repair is not done.
  const series = `http_requests_total{job="taskmanager-backend",route="/api/v1/tasks",status_code="200"}`;
  const repairedAt = Date.now() / 1000;
  await eventually('requests counted after the repairs', async () => {
    const [last] = await query(
      stack.addresses.prometheus,
      `max(timestamp(${series}))`,
      AbortSignal.timeout(5_000),
    );
    return (last?.value ?? 0) > repairedAt;
  });
  const { answered } = await load.stop();
  expect(answered.length).toBeGreaterThan(50);
  const lines = await accountForLines({
    logFolder: labPaths(env).applicationLogs,
    consoleUrl: stack.addresses.console,
    answered,
    webKill: repairs.find(({ part }) => part === 'web'),
    since,
    deadlineMs: 30_000,
  });
  expect(lines).toMatchObject({ gaps: 0, answeredWithoutLine: 0, notStored: 0, storedTwice: 0 });
  expect(lines.written).toBeGreaterThan(answered.length);
});

test('every part can be restarted, stopped, started, paused and resumed', async () => {
  const stack = await stackInUse();
  for (const part of stack.parts) {
    await stack.act(part, 'restart');
    await ready(stack, part);
  }
  await stack.act('worker', 'stop');
  expect((await lab('status')).status).toBe(1);
  await stack.act('worker', 'start');
  await ready(stack, 'worker');
  await stack.act('api', 'pause');
  await expect(
    fetch(`${stack.addresses.api}/api/v1/openapi.json`, { signal: AbortSignal.timeout(500) }),
  ).rejects.toThrow();
  await stack.act('api', 'resume');
  await eventually('an answer', async () => (await fetch(`${stack.addresses.api}/api/v1/openapi.json`)).ok);
});

test('configuration is checked before it is loaded: a broken rule changes nothing, a good one counts at once', async () => {
  const stack = await stackInUse();
  const copy = await mkdtemp(join(tmpdir(), 'lab-e2e-rules-'));
  try {
    const rules = join(copy, 'rules');
    await cp(join(root, 'prometheus'), copy, { recursive: true });
    const { rules: before } = await loadedRules(stack.addresses.prometheus, AbortSignal.timeout(5_000));
    const rule = (expression: string) =>
      `groups: [{ name: e2e, rules: [{ record: e2e:one, expr: '${expression}' }] }]\n`;
    await writeFile(join(rules, 'e2e.yml'), rule('sum(('));
    await expect(stack.loadConfiguration({ prometheus: copy })).rejects.toThrow(
      /the configuration was refused.*\n.*e2e/s,
    );
    await writeFile(join(rules, 'e2e.yml'), rule('vector(1)'));
    await stack.loadConfiguration({ prometheus: copy });
    expect((await loadedRules(stack.addresses.prometheus, AbortSignal.timeout(5_000))).rules).toBe(
      before + 1,
    );
    const { status, stdout } = await lab('reload');
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect((await loadedRules(stack.addresses.prometheus, AbortSignal.timeout(5_000))).rules).toBe(before);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});

test('whoever reloads without the exporters at hand does not end their being scraped', async () => {
  const stack = await stackInUse();
  const targets = join(labPaths(env).prometheus, 'targets');
  const before = await readdir(targets);
  const nothing = await mkdtemp(join(tmpdir(), 'lab-e2e-no-tools-'));
  try {
    const elsewhere = { ...env, LAB_TOOLS_DIR: nothing };
    const paths = labPaths(elsewhere);
    const visitor = await LiteStack.open(paths, await loadSettings(paths, elsewhere));
    await visitor.loadConfiguration();
    expect(await readdir(targets)).toEqual(before);
    expect(visitor.parts).toEqual(stack.parts);
  } finally {
    await rm(nothing, { recursive: true, force: true });
  }
});

test('a supervisor that was killed is replaced by the next up, which takes the parts over as they are', async () => {
  const stack = await stackInUse();
  const started = async () => (await stack.status()).find(({ name }) => name === 'api')?.since;
  const endpoint = await readEndpoint(labPaths(env).run);
  if (!endpoint) throw new Error('expected a supervisor');
  const apiMetrics = async () => (await stack.management('api', '/metrics')).body;
  const processStart = async () => /^process_start_time_seconds\S* (\S+)/m.exec(await apiMetrics())?.[1];
  const before = await processStart();
  signalProcess(endpoint.supervisor, 'SIGKILL');
  await eventually('the lab to count as down', async () => (await lab('status')).status === 2);
  expect((await lab('up')).status).toBe(0);
  expect(await processStart()).toBe(before);
  expect(await started()).toBeDefined();
});

test('the bundle holds logs and status, and none of the secrets', async () => {
  const { status, stdout } = await lab('bundle');
  expect(status).toBe(0);
  const archive = stdout.trim();
  const contents = await new Promise<string>((resolve, reject) => {
    execFile('tar', ['-xzOf', archive], { maxBuffer: 256 * 1024 * 1024 }, (error, text) =>
      error ? reject(error) : resolve(text),
    );
  });
  const { secrets } = await loadSettings(labPaths(env), env);
  for (const [name, value] of Object.entries(secrets)) expect(contents.includes(value), name).toBe(false);
  expect(contents).toContain('"name": "prometheus"');
});

test('down leaves nothing running and keeps the data; the next up finds it', async () => {
  const paths = labPaths(env);
  const endpoint = await readEndpoint(paths.run);
  const supervisor = identityOf(endpoint?.supervisor.pid ?? 0);
  const downAt = Date.now() / 1000;
  expect((await lab('down')).status).toBe(0);
  expect(signalProcess(supervisor, 'SIGTERM')).toBe(false);
  expect(markedProcesses(paths.id)).toEqual([]);
  for (const name of portsOfMode('lite'))
    await expect(fetch(`http://127.0.0.1:${env[name]}/`)).rejects.toThrow();
  expect((await lab('status')).status).toBe(2);
  expect((await lab('up')).status).toBe(0);
  const stack = await stackInUse();
  const oldest = `min_over_time(timestamp(up{job="prometheus"})[1h:1s])`;
  const [metric] = await query(stack.addresses.prometheus, oldest, AbortSignal.timeout(5_000));
  expect(metric?.value).toBeLessThan(downAt);
  const { secrets } = await loadSettings(paths, env);
  const cookie = await signInAsLab(stack.addresses.web, secrets.SESSION_SECRET, AbortSignal.timeout(20_000));
  const answer = await fetch(`${stack.addresses.web}/api/v1/tasks`, { headers: { cookie } });
  const tasks = (await answer.json()) as { items: unknown[] };
  expect(tasks.items.length).toBeGreaterThan(0);
  expect(await readFile(paths.environmentFile, 'utf8')).toContain('SESSION_SECRET=');
});
