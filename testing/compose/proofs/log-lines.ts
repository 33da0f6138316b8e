/**
 * Not one log line lost, none twice: lines written by the services' own logger into the folder that is followed, while Elasticsearch
 * and the shipper are stopped in turn. Each line has its place in its process's sequence, so what arrived is compared one by one.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type FullStack, until } from '@lab/cli';
import { z } from 'zod';

export interface LineCounts {
  log_lines_written: number;
  log_lines_found: number;
  log_lines_doubled: number;
}

const PAGE = 10_000;
const OUTAGE_MS = 20_000;
const ARRIVAL_DEADLINE_MS = 10 * 60_000;

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

const hits = z.object({
  hits: z.object({
    hits: z.array(z.object({ _source: z.record(z.string(), z.unknown()), sort: z.array(z.unknown()) })),
  }),
});
const counted = z.object({ count: z.number() });

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
  const filter = { term: { 'service.instance.id': instance } };
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${elasticsearch}/logs-taskmanager-default*/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`Elasticsearch answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  let last = -1;
  // Until all are there, or nothing comes any more.
  await until(
    'the lines to be in Elasticsearch',
    async () => {
      const { count: now } = counted.parse(await post('_count', { query: filter }));
      const settled = now >= count && now === last;
      last = now;
      return settled;
    },
    { deadlineMs: ARRIVAL_DEADLINE_MS, everyMs: 3_000, signal },
  ).catch(() => undefined); // What is missing then is counted below, which says more than this would.
  const seen = new Map<number, number>();
  for (let after: unknown[] | undefined = []; after; ) {
    const page: z.infer<typeof hits>['hits']['hits'] = hits.parse(
      await post('_search', {
        size: PAGE,
        query: filter,
        sort: [{ 'event.sequence': 'asc' }, { 'event.id': 'asc' }, { _index: 'asc' }],
        _source: ['event.sequence'],
        ...(after.length > 0 ? { search_after: after } : {}),
      }),
    ).hits.hits;
    for (const { _source } of page) {
      const sequence = Number(_source['event.sequence']);
      seen.set(sequence, (seen.get(sequence) ?? 0) + 1);
    }
    after = page.at(-1)?.sort;
  }
  return {
    log_lines_written: count,
    log_lines_found: seen.size,
    log_lines_doubled: [...seen.values()].filter((times) => times > 1).length,
  };
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
