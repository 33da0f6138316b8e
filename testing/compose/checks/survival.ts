/** Parts that freeze, die or are missing: the application goes on, and they come back. */
import assert from 'node:assert/strict';
import { until } from '@lab/cli';
import { createTaskClient } from '../../src/task-client.ts';
import {
  type Check,
  reportOf,
  request,
  SLOW,
  type Step,
  type Subject,
  untilPasses,
  untilReady,
} from '../subject.ts';

/** Killed in turn in each list, the lists side by side: what requests pass through, and what watches them. */
const KILLED = [
  ['api', 'worker', 'web', 'toxiproxy', 'postgres'],
  ['prometheus', 'elasticsearch', 'fluentd', 'jaeger'],
];

export function survival(subject: Subject): Step[] {
  const { stack } = subject;
  const killed = (part: string): Check => ({
    title: `${part}, killed with SIGKILL, is started again and the application goes on`,
    needs: [part],
    async run(signal) {
      const { since } = await reportOf(stack, part);
      await stack.act(part, 'kill');
      await until(`${part} to be started again`, async () => (await reportOf(stack, part)).since !== since, {
        ...SLOW,
        signal,
      });
      await untilReady(stack, part, signal);
      await untilPasses(subject, signal);
    },
  });
  return [
    {
      title: 'a paused database costs quick refusals, and nothing that was acknowledged',
      async run(signal) {
        using client = createTaskClient(stack.addresses.web);
        await client.signUp();
        const written = await client.call('POST', '/tasks', { json: { title: 'written before the pause' } });
        assert.equal(written.status, 201);
        await stack.act('postgres', 'pause');
        assert.equal((await reportOf(stack, 'postgres')).state, 'paused');
        await assert.rejects(request(subject, signal));
        await stack.act('postgres', 'resume');
        await untilPasses(subject, signal);
        const { items } = (await client.call('GET', '/tasks')).body as { items: { title: string }[] };
        assert.deepEqual(
          items.map(({ title }) => title),
          ['written before the pause'],
        );
      },
    },
    KILLED.map((parts) => parts.map(killed)),
    {
      title: 'the application goes on without the parts that watch it',
      async run(signal) {
        const watchers = [
          ...['console', 'alertmanager', 'prometheus', 'blackbox-exporter', 'postgres-exporter'],
          ...['elasticsearch', 'fluentd', 'jaeger'].filter((part) => stack.parts.includes(part)),
        ];
        for (const part of watchers) await stack.act(part, 'stop');
        await request(subject, signal);
        for (const part of watchers) await stack.act(part, 'start');
        for (const part of watchers) await untilReady(stack, part, signal);
      },
    },
  ];
}
