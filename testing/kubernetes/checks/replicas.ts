/** Two pods of the API: what counts, budgets and sessions say is still right, and a killed pod leaves nothing behind. */
import assert from 'node:assert/strict';
import { query, until } from '@lab/cli';
import { createTaskClient } from '../../src/task-client.ts';
import { type Check, podsOf, request, SLOW, type Subject, scaleServing } from '../subject.ts';

export function replicas(subject: Subject): Check[] {
  const { stack } = subject;
  const { prometheus } = stack.addresses;
  return [
    {
      title: 'two pods of the API are two instances of one job, and a session holds in both',
      async run(signal) {
        await scaleServing(subject, 2, signal);
        await until(
          'two instances',
          async (bounded) => {
            const up = await query(prometheus, 'up{job="taskmanager-backend"} == 1', bounded);
            return new Set(up.map(({ labels }) => labels['kubernetes_pod_name'])).size === 2;
          },
          { ...SLOW, signal },
        );
        using client = createTaskClient(stack.addresses.web);
        await client.signUp();
        // Enough that both are asked, whichever a connection leads to.
        for (let turn = 0; turn < 20; turn += 1)
          assert.equal((await client.call('GET', '/tasks')).status, 200);
        const { body } = await stack.management('api', '/readyz');
        for (const { name } of await podsOf(subject, 'api'))
          assert.match(body, new RegExp(`^${name}: `, 'm'));
      },
    },
    {
      title: 'a killed pod is no reset in any rate, and leaves no alert behind',
      async run(signal) {
        const since = Date.now() / 1000;
        await stack.act('api', 'kill');
        await until('a request to pass again', () => request(subject, signal), { ...SLOW, signal });
        await scaleServing(subject, 1, signal);
        await until(
          'one instance, and no alert about the API',
          async (bounded) => {
            const [up] = await query(prometheus, 'count(up{job="taskmanager-backend"} == 1)', bounded);
            const firing = await query(
              prometheus,
              'ALERTS{alertname=~"ApiDown|InstanceUnreachable", alertstate="firing"}',
              bounded,
            );
            return up?.value === 1 && firing.length === 0;
          },
          { ...SLOW, deadlineMs: 10 * 60_000, signal },
        );
        const seconds = Math.ceil(Date.now() / 1000 - since);
        const rate = 'sum(rate(http_requests_total{job="taskmanager-backend"}[1m]))';
        const [highest] = await query(prometheus, `max_over_time(${rate}[${seconds}s:5s])`, signal);
        // A counter that begins anew and were taken for a jump would show thousands.
        assert.ok((highest?.value ?? 0) < 100, `${highest?.value} requests a second`);
      },
    },
  ];
}
