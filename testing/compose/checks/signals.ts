/** Every signal of a request arrives where a person would look for it. */
import assert from 'node:assert/strict';
import { query, until } from '@lab/cli';
import { inContainer, SLOW, type Step, type Subject, untilPasses } from '../subject.ts';

export function signals(subject: Subject): Step[] {
  const { stack, leftOut } = subject;
  const { prometheus } = stack.addresses;
  return [
    {
      title: 'a request through web is counted by Prometheus and logged by web and api',
      async run(signal) {
        const { requestId, sentAt } = await untilPasses(subject, signal);
        await until(
          'the metric',
          async (bounded) => {
            const series =
              'http_requests_total{job="taskmanager-backend",route="/api/v1/tasks",status_code="200"}';
            const [last] = await query(prometheus, `max(timestamp(${series}))`, bounded);
            return last !== undefined && last.value >= sentAt;
          },
          { ...SLOW, signal },
        );
        await until(
          'its lines in the volume that Fluentd follows',
          () => {
            const lines = inContainer('api', 'sh', '-c', `grep -h ${requestId} /var/log/taskmanager/*.log`);
            return ['taskmanager-web', 'taskmanager-api'].every((name) =>
              lines.includes(`"service.name":"${name}"`),
            );
          },
          { ...SLOW, signal },
        );
      },
    },
    {
      title: 'the log line is in Elasticsearch and the trace in Jaeger',
      needs: ['elasticsearch', 'fluentd', 'jaeger'],
      async run(signal) {
        const { requestId } = await untilPasses(subject, signal);
        await until(
          'the lines',
          async (bounded) => (await stack.signals.logs.ofRequest(requestId, bounded)).length >= 2,
          { ...SLOW, signal },
        );
        await until(
          'the trace',
          async (bounded) =>
            (await stack.signals.traces.ofRequest(requestId, bounded)).some(({ services }) =>
              ['taskmanager-web', 'taskmanager-api'].every((name) => services.includes(name)),
            ),
          { ...SLOW, signal },
        );
      },
    },
    {
      title: 'every part that runs is scraped',
      async run(signal) {
        await until(
          'all targets up',
          async (bounded) => {
            const down = (await query(prometheus, 'up == 0', bounded))
              .map(({ labels }) => String(labels['instance']).split(':')[0] ?? '')
              .filter((part) => !leftOut.includes(part));
            assert.deepEqual(down, []);
            const up = await query(prometheus, 'count(up == 1)', bounded);
            return (up[0]?.value ?? 0) >= stack.parts.length;
          },
          { ...SLOW, signal },
        );
      },
    },
  ];
}
