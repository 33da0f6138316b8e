import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readExperiments } from '../../../src/chaos/experiment/catalogue.ts';
import type { Guardian } from '../../../src/chaos/guardian/guardian.ts';
import { givePast, type PastOptions } from '../../../src/chaos/past/give-past.ts';
import { readTiming } from '../../../src/chaos/target/scaled-configuration.ts';
import { labPaths } from '../../../src/settings/paths.ts';
import type { Stack } from '../../../src/stack/stack.ts';

const root = join(import.meta.dirname, '../../../..');
const { experiments, steadyState } = readExperiments(join(root, 'loadtests', 'chaos'));

/** A Prometheus whose first sample is so old, and which knows nothing else. */
let headAgeSeconds: number | undefined;
const prometheus = createServer((request, response) => {
  const asked = new URL(request.url ?? '', 'http://localhost').searchParams.get('query') ?? '';
  const value = Date.now() / 1000 - (headAgeSeconds ?? 0);
  const result =
    headAgeSeconds !== undefined && asked.includes('head_min_time')
      ? [{ metric: {}, value: [0, String(value)] }]
      : [];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
});
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const did: string[] = [];
const said: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  prometheus.closeAllConnections();
  prometheus.close();
  await folder[Symbol.asyncDispose]();
});
beforeEach(() => {
  did.length = 0;
  said.length = 0;
  headAgeSeconds = 20;
});

async function options(names: string[], changes: Partial<PastOptions> = {}): Promise<PastOptions> {
  const { port } = prometheus.address() as AddressInfo;
  return {
    paths: labPaths({ LAB_STATE_DIR: folder.path }, root),
    stack: {
      traits: { mode: 'full', prometheusFolder: undefined },
      addresses: { prometheus: `http://127.0.0.1:${port}` },
      act: async (part: string, action: string) => void did.push(`${action} ${part}`),
    } as unknown as Stack,
    experiments: experiments.filter(({ name }) => names.includes(name)),
    steadyState,
    timing: await readTiming(root, 10, 1),
    guardian: {} as Guardian,
    signal: new AbortController().signal,
    say: (line) => void said.push(line),
    off: async () => [],
    ...changes,
  };
}

test('a lab whose experiments look back at nothing is left alone', async () => {
  headAgeSeconds = undefined;
  await givePast(await options(['worker-stopped', 'deadlocks']));
  expect([said, did]).toEqual([[], []]);
});

test('a lab that has a past of its own is left alone', async () => {
  headAgeSeconds = 3600;
  await givePast(await options(['api-errors']));
  expect([said, did]).toEqual([[], []]);
});

test('where the folder of Prometheus’s data is out of reach it says how long the wait may be, and touches nothing', async () => {
  await givePast(await options(['api-errors']));
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/out of reach in full mode: what needs a past waits for it, 5 min \d+ s at most$/);
  expect(did).toEqual([]);
});

test('Ctrl-C ends it with its reason while Prometheus does not answer, and nothing was touched', async () => {
  const given = await options(['api-errors']);
  const stack = { ...given.stack, addresses: { ...given.stack.addresses, prometheus: 'http://127.0.0.1:9' } };
  const ended = new AbortController();
  setTimeout(() => ended.abort(new Error('interrupted by SIGINT')), 50);
  await expect(givePast({ ...given, stack, signal: ended.signal })).rejects.toThrow('interrupted by SIGINT');
  expect(did).toEqual([]);
});
