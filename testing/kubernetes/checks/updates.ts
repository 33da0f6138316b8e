/** Rolling update and eviction of every pod of web and api, two replicas each, under load: no request fails. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@lab/cli';
import {
  AcknowledgedWrites,
  judgedObjectives,
  k6Engine,
  LoadCounts,
  openPool,
  readProfiles,
  Sender,
  thresholdsOf,
} from '@lab/cli/load';
import { readObjectives } from '@lab/prometheus';
import { type Check, NAMESPACE, podsOf, SERVING, SLOW, type Subject, scaleServing } from '../subject.ts';

const RATE = 10;
const SECONDS = 90;

export function updates(subject: Subject): Check[] {
  const { counts } = subject;
  return [
    {
      title: 'a rolling update of web and api under load fails no request',
      async run(signal) {
        await scaleServing(subject, 2, signal);
        counts['failed_requests_rolling_update'] = await failedDuring(subject, signal, () =>
          roll(subject, signal),
        );
        assert.equal(counts['failed_requests_rolling_update'], 0);
      },
    },
    {
      title: 'every pod of web and api is evicted, as a drained node evicts them, and no request fails',
      async run(signal) {
        await scaleServing(subject, 2, signal);
        counts['failed_requests_drain'] = await failedDuring(subject, signal, () =>
          evictAll(subject, signal),
        );
        await scaleServing(subject, 1, signal);
        assert.equal(counts['failed_requests_drain'], 0);
      },
    },
  ];
}

/** Sends load from inside the cluster, so that requests are spread over the pods as everybody's are. @returns how many failed. */
async function failedDuring(
  { stack, say }: Subject,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<number> {
  const { k6 } = stack.traits;
  assert(k6, 'k6 cannot be had here');
  const objectives = judgedObjectives(readObjectives());
  const { accounts: wanted } = readProfiles();
  const sender = new Sender({ webUrl: stack.addresses.web, timeoutMs: 15_000, traceRatio: 0 });
  const accounts = await openPool(sender, wanted, signal).finally(() => sender.close());
  const counts = new LoadCounts(thresholdsOf(objectives));
  const run = await k6Engine(k6, objectives).start({
    webUrl: stack.addresses.web,
    stages: [{ seconds: SECONDS, from: RATE, to: RATE }],
    accounts,
    traceRatio: 0,
    counts,
    writes: new AcknowledgedWrites(),
    testId: `update-${Date.now()}`,
    progress: (line) => say(`        ${line}`),
    signal,
  });
  const worked = work();
  await Promise.all([run.done, worked]);
  const { sent, serverErrors, unanswered } = counts.total;
  say(`        ${sent} requests, ${serverErrors} answered with an error, ${unanswered} without an answer`);
  assert.ok(sent > (RATE * SECONDS) / 2, `only ${sent} requests were sent`);
  return serverErrors + unanswered;
}

async function roll({ stack: { kubectl } }: Subject, signal: AbortSignal): Promise<void> {
  for (const workload of Object.values(SERVING)) {
    await kubectl.run(['rollout', 'restart', ...NAMESPACE, workload]);
    await kubectl.run(['rollout', 'status', ...NAMESPACE, workload, '--timeout=5m'], {
      timeoutMs: 5 * 60_000,
      signal,
    });
  }
}

/** One after the other, each when its twin serves: a budget of one that must stay would have it so. */
async function evictAll(subject: Subject, signal: AbortSignal): Promise<void> {
  const { kubectl } = subject.stack;
  for (const part of Object.keys(SERVING))
    for (const { name } of await podsOf(subject, part)) {
      const eviction = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: 'taskmanager' },
      };
      const path = `/api/v1/namespaces/taskmanager/pods/${name}/eviction`;
      await kubectl.run(['create', '--raw', path, '--filename', '-'], { input: JSON.stringify(eviction) });
      await until(
        `two pods of ${part} to serve`,
        async () => {
          const pods = await podsOf(subject, part);
          return pods.length === 2 && pods.every((pod) => pod.ready && pod.name !== name);
        },
        { ...SLOW, signal },
      );
      // The evicted pod still finishes what it has.
      await pause(1_000, undefined, { signal });
    }
}
