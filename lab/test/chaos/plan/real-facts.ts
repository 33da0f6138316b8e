/** The facts of the checkout as it is, with an answer of Prometheus that tells which part exposes which metric. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readExperiments } from '../../../src/chaos/experiment/catalogue.ts';
import { chooseExperiments } from '../../../src/chaos/experiment/choose.ts';
import { type Experiment, inMode } from '../../../src/chaos/experiment/schema.ts';
import type { Facts } from '../../../src/chaos/plan/facts.ts';
import { gatherFacts } from '../../../src/chaos/plan/gather-facts.ts';
import { readTiming } from '../../../src/chaos/target/scaled-configuration.ts';
import type { Stack } from '../../../src/stack/stack.ts';

const root = join(import.meta.dirname, '../../../..');

/** The job that exposes a metric, by the beginning of the metric's name: enough of a Prometheus for planning. */
const JOBS: readonly (readonly [RegExp, string])[] = [
  [/^pg_/, 'postgres-exporter'],
  [/^probe_/, 'blackbox'],
  [/^(web_vitals|frontend)_/, 'taskmanager-frontend'],
  [/^worker_/, 'taskmanager-worker'],
  [/^(console|deadmansswitch)_/, 'lab-console'],
  [/^prometheus_/, 'prometheus'],
  [/^alertmanager_/, 'alertmanager'],
  [/./, 'taskmanager-backend'],
];

/** @param only the experiments of a run. */
export async function realFacts(
  only?: readonly string[],
): Promise<{ experiments: Experiment[]; facts: Facts }> {
  const { experiments: all } = readExperiments(join(root, 'loadtests', 'chaos'));
  const wanted = only ? { names: only.join(',') } : { suite: 'all' };
  const experiments = chooseExperiments(all, { ...wanted, mode: 'lite' }).map((each) => inMode(each, 'lite'));
  const prometheus = createServer((request, response) => {
    const asked = new URL(request.url ?? '', 'http://localhost').searchParams.get('query') ?? '';
    const names = /__name__=~"([^"]*)"/.exec(asked)?.[1]?.split('|') ?? [];
    if (names.includes('')) response.statusCode = 400;
    const result = names.map((name) => ({
      metric: { name, job: JOBS.find(([pattern]) => pattern.test(name))?.[1] },
      value: [0, '1'],
    }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = prometheus.address() as AddressInfo;
    const viewers = { dashboards: 'console', logs: 'console', traces: 'console', alerts: 'console' };
    const stack = {
      traits: { mode: 'lite', viewers },
      addresses: { prometheus: `http://127.0.0.1:${port}` },
    } as unknown as Stack;
    const facts = await gatherFacts({
      root,
      stack,
      experiments,
      timing: await readTiming(root, 10, 1),
      signal: new AbortController().signal,
    });
    return { experiments, facts };
  } finally {
    prometheus.close();
  }
}
