/** Every signal of a request arrives where a person would look for it, and no pod had to be started twice. */
import assert from 'node:assert/strict';
import { query, readBack, until } from '@lab/cli';
import { type Check, podsOf, SLOW, type Subject } from '../subject.ts';

export function signals(subject: Subject): Check[] {
  const { stack, settings, counts, say } = subject;
  const { prometheus } = stack.addresses;
  return [
    {
      title: "one request's metric, log line and trace are read back, rules and targets are in order",
      run: (signal) =>
        readBack(stack, {
          sessionSecret: settings.secrets.SESSION_SECRET,
          progress: (line) => say(`        ${line}`),
          signal,
          deadlineMs: SLOW.deadlineMs,
        }),
    },
    {
      title: 'every target answers, found by asking the API server',
      async run(signal) {
        await until(
          'all targets up',
          async (bounded) => {
            const down = await query(prometheus, 'up == 0', bounded);
            assert.deepEqual(
              down.map(({ labels }) => `${labels['job']} ${labels['instance']}`),
              [],
            );
            const [backend] = await query(
              prometheus,
              'count(up{job="taskmanager-backend", kubernetes_namespace="taskmanager", kubernetes_pod_name=~".+"})',
              bounded,
            );
            return (backend?.value ?? 0) >= 1;
          },
          { ...SLOW, signal },
        );
      },
    },
    {
      title: 'no pod was started again',
      async run() {
        const all = await Promise.all(
          stack.parts.filter((part) => part !== 'elasticsearch-setup').map((part) => podsOf(subject, part)),
        );
        const pods = all.flat();
        counts['pods'] = pods.length;
        assert.deepEqual(
          pods.filter(({ restarts }) => restarts > 0).map(({ name, restarts }) => `${name}: ${restarts}`),
          [],
        );
      },
    },
  ];
}
