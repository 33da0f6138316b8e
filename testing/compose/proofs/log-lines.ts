/**
 * Not one log line lost, none twice: lines written by the services' own logger into the folder that is followed, while Elasticsearch
 * and the shipper are stopped in turn. Each line has its place in its process's sequence, so what arrived is compared one by one.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type FullStack, until } from '@lab/cli';
import { z } from 'zod';
import { countIndexed, type LineCounts } from './indexed-lines.ts';

const OUTAGE_MS = 20_000;

/**
 * Runs in a container of its own beside the api's, with the logger of its image and its volumes, so that nobody's kill reaches it. Ends
 * with how many lines it was told were dropped.
 */
const WRITER = `
import { createTelemetry } from '@lab/telemetry';
const count = Number(process.env.COUNT), instanceId = process.env.INSTANCE;
const service = { name: 'taskmanager-api', version: 'proof', instanceId, environment: 'lab' };
const file = '/var/log/taskmanager/' + instanceId + '.log';
const telemetry = createTelemetry({ service, log: { file, stdout: false }, defaultMetrics: false });
for (let line = 1; line <= count; line += 1) {
  telemetry.logger.info('line ' + line + ' of a proof that none is lost', { 'event.duration': line });
  if (line % 500 === 0) await new Promise((resolve) => setTimeout(resolve, Number(process.env.PAUSE)));
}
await telemetry.shutdown();
const dropped = (await telemetry.registry.getSingleMetric('telemetry_log_records_dropped_total').get()).values;
console.log(JSON.stringify({ dropped: dropped.reduce((sum, { value }) => sum + value, 0) }));
`;

/**
 * @param api its container. @param elasticsearch its address.
 * @throws Error where the writer's own buffer dropped lines: then nothing can be said of the shipper.
 */
export async function proveLogLines(
  { stack, api, elasticsearch }: { stack: FullStack; api: string; elasticsearch: string },
  count: number,
  signal: AbortSignal,
): Promise<LineCounts> {
  const instance = `proof-${Date.now()}`;
  // Some two minutes of writing, so that the outages fall into it.
  const pause = Math.ceil(120_000 / (count / 500));
  const environment = { COUNT: String(count), INSTANCE: instance, PAUSE: String(pause) };
  const ended = new AbortController();
  const writing = write(api, instance, environment, AbortSignal.any([signal, ended.signal]));
  writing.catch(() => undefined); // Awaited below.
  try {
    for (const part of ['elasticsearch', 'fluentd', 'elasticsearch']) await outage(stack, part, signal);
  } catch (error) {
    // A writer that goes on would keep the volumes.
    ended.abort();
    await writing.catch(() => undefined);
    throw error;
  }
  const { stdout } = await writing;
  const { dropped } = z.object({ dropped: z.number() }).parse(JSON.parse(stdout));
  if (dropped > 0) throw new Error(`the writer dropped ${dropped} lines before any shipper saw them`);
  return countIndexed({ elasticsearch, instance, count, signal });
}

/** @returns what the writer printed. */
async function write(
  api: string,
  name: string,
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<{ stdout: string }> {
  const run = promisify(execFile);
  const { stdout: image } = await run('docker', ['inspect', '--format', '{{.Image}}', api]);
  const limits = ['--memory', '160m', '--memory-swap', '160m', '--network', 'none', '--init'];
  const flags = [
    '--rm',
    '--name',
    name,
    '--volumes-from',
    api,
    '--user',
    'node',
    '--group-add',
    '1100',
    ...limits,
  ];
  const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const node = ['node', '--max-old-space-size=64', '--input-type=module', '--eval', WRITER];
  try {
    return await run('docker', ['run', ...flags, ...variables, image.trim(), ...node], { signal });
  } finally {
    // Where this was cut off, it is still there.
    await run('docker', ['rm', '--force', name]).catch(() => undefined);
  }
}

async function outage(stack: FullStack, part: string, signal: AbortSignal): Promise<void> {
  await pauseFor(10_000, signal);
  await stack.act(part, 'stop');
  await pauseFor(OUTAGE_MS, signal);
  await stack.act(part, 'start');
  await until(
    `${part} to be ready again`,
    async () => (await stack.status({ memory: false })).find(({ name }) => name === part)?.state === 'ready',
    { deadlineMs: 5 * 60_000, everyMs: 1_000, signal },
  );
}

function pauseFor(milliseconds: number, signal: AbortSignal): Promise<unknown> {
  const over = performance.now() + milliseconds;
  return until('the time to pass', () => performance.now() >= over, {
    deadlineMs: milliseconds + 60_000,
    everyMs: 500,
    signal,
  });
}
