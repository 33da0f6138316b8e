/**
 * Tries on this machine what `make cluster` and `make cluster-down` promise, with a cluster beside whatever else runs. Needs root, and
 * programs that are built already. Minutes.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { signalProcess, until } from '@lab/cli/program';
import { SecondCluster } from './second-cluster.ts';
import { added, readTraces, type Traces } from './traces.ts';

export interface Proof {
  title: string;
  run(): Promise<void>;
}

/** From the issue: a start with everything in the cache. */
const CACHED_START_SECONDS = 60;
/** A part that was killed is started again a second later, and then has to find its peers. */
const HEAL_MS = 90_000;
/** The kernel gives namespaces back some time after their last process. */
const GONE_MS = 30_000;

/** @param counts takes what is measured, by the names of docs/figures. */
export function clusterProofs(counts: Record<string, number>): Proof[] {
  return [
    {
      title: 'a cluster is made within a minute and taken away without a trace',
      async run() {
        await leavesNothing(async (cluster) => {
          const since = performance.now();
          await cluster.run('up');
          const seconds = (performance.now() - since) / 1000;
          counts['cluster_seconds_cached'] = Math.round(seconds);
          assert.ok(seconds <= CACHED_START_SECONDS, `it took ${seconds.toFixed(1)} s`);
        });
      },
    },
    {
      title: 'parts that are killed come back, and a node that is killed starts again with its data',
      async run() {
        await leavesNothing(async (cluster) => {
          await cluster.run('up');
          await cluster.kubectl('create', 'configmap', 'kept', '--from-literal=a=b');
          for (const part of ['kubelet', 'kube-apiserver', 'etcd', '/run/node/etc/containerd.toml'])
            assert.ok(cluster.kill(part) > 0, `${part} did not run`);
          await until('the cluster to answer again', () => cluster.kubectl('get', 'configmap', 'kept'), {
            deadlineMs: HEAL_MS,
            everyMs: 500,
          });
          await cluster.run('up');
          const node = cluster.node();
          assert.ok(node);
          signalProcess(node, 'SIGKILL');
          await until('the node to end', () => cluster.node() === undefined, { deadlineMs: GONE_MS });
          await cluster.run('up');
          const { stdout } = await cluster.kubectl('get', 'configmap', 'kept', '--output=jsonpath={.data.a}');
          assert.equal(stdout, 'b');
        });
      },
    },
    {
      title: 'a start that is killed halfway is taken away, too, and twice is as good as once',
      async run() {
        await leavesNothing(async (cluster) => {
          await cluster.upUntil(() => cluster.node() !== undefined);
          assert.ok(cluster.node());
          await cluster.run('down');
          assert.equal(existsSync(cluster.layout.folder), false);
          await cluster.run('down');
        });
      },
    },
  ];
}

/** Compares the machine before with the machine after: also where the cluster was not taken away in good order. */
async function leavesNothing(use: (cluster: SecondCluster) => Promise<void>): Promise<void> {
  const before = await readTraces();
  const cluster = await SecondCluster.create();
  try {
    await use(cluster);
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
  const left = async () => ({ ...added(before, await readTraces()), processes: cluster.survivors() });
  const isNothing = (traces: Traces) => Object.values(traces).flat().length === 0;
  // Traces of others on this machine come and go; those of a cluster would stay.
  await until('nothing of the cluster to be left', async () => isNothing(await left()), {
    deadlineMs: GONE_MS,
    everyMs: 500,
  }).catch(async () => assert.deepEqual(await left(), { processes: [] }));
}
