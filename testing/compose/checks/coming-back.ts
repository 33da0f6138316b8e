/** What was there before is there again: after `make down` and `make up`, and after the engine itself was restarted. */
import assert from 'node:assert/strict';
import { requireEngine, runCommand, until } from '@lab/cli';
import { findMarks, leaveMarks } from '../proofs/marks.ts';
import type { Step, Subject } from '../subject.ts';

const RESTART_TIMEOUT_MS = 5 * 60_000;
const BACK_DEADLINE_MS = 10 * 60_000;
const STORES = ['elasticsearch', 'fluentd', 'jaeger'];

export function yesterdaysVolumes(subject: Subject): Step[] {
  const { stack, counts } = subject;
  return [
    {
      title:
        "stopped and started again on yesterday's volumes, the lab has its tasks, log lines, traces and metrics",
      needs: STORES,
      async run(signal) {
        const marks = await leaveMarks(subject, signal);
        await stack.stop(() => undefined);
        assert.deepEqual(await stack.status(), [], 'containers that `make down` left');
        const began = performance.now();
        await stack.start({ progress: () => undefined, signal });
        counts['up_again_seconds'] = Math.round((performance.now() - began) / 1000);
        await findMarks(subject, marks, signal);
      },
    },
  ];
}

/** @param command restarts the engine: only whoever runs the test knows how, and whose containers it stops as well. */
export function engineRestart(subject: Subject, command: string): Step[] {
  const { stack, counts } = subject;
  return [
    {
      title: 'after a restart of the engine every part comes back by its restart policy, with its data',
      needs: STORES,
      async run(signal) {
        const marks = await leaveMarks(subject, signal);
        const before = new Map(
          (await stack.status({ memory: false })).map(({ name, since }) => [name, since]),
        );
        await runCommand('bash', ['-c', command], { timeoutMs: RESTART_TIMEOUT_MS, signal });
        const began = performance.now();
        await until('the engine to answer', () => requireEngine().then(() => true), {
          deadlineMs: RESTART_TIMEOUT_MS,
          everyMs: 1_000,
          signal,
        });
        const back = await until(
          'every part to be back',
          async () => {
            const now = await stack.status({ memory: false });
            const away = now
              .filter(({ state }) => state !== 'ready')
              .map(({ name, state }) => `${name} ${state}`);
            assert.deepEqual(away, []);
            return now;
          },
          { deadlineMs: BACK_DEADLINE_MS, everyMs: 1_000, signal },
        );
        counts['back_after_engine_restart_seconds'] = Math.round((performance.now() - began) / 1000);
        // One that did not stop proves nothing; the set-up had ended before, and stays so.
        const restarted = back
          .filter(({ name, since }) => since !== before.get(name))
          .map(({ name }) => name);
        const expected = stack.parts.filter((part) => part !== 'elasticsearch-setup');
        assert.deepEqual(restarted.toSorted(), expected.toSorted());
        counts['parts_back_after_engine_restart'] = restarted.length;
        await findMarks(subject, marks, signal);
      },
    },
  ];
}
