/** No secret where none may be. Asked before any container is replaced: its output goes with it. */
import assert from 'node:assert/strict';
import { secretsFound } from '../proofs/secrets.ts';
import { containerId, type Step, type Subject } from '../subject.ts';

export function secrets({ stack, settings, counts }: Subject): Step[] {
  return [
    {
      title: 'no generated secret stands in an image of ours, a log or a trace',
      async run(signal) {
        Object.assign(counts, await secretsFound(stack, settings, containerId, signal));
        assert.deepEqual(
          ['images', 'logs', 'traces'].map((where) => counts[`secrets_in_${where}`]),
          [0, 0, 0],
        );
      },
    },
  ];
}
