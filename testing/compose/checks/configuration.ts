/** Configuration: loaded while running, and accepted by the Prometheus of this stack. */
import assert from 'node:assert/strict';
import { checkRules } from '../proofs/rules.ts';
import type { Step, Subject } from '../subject.ts';

export function configuration({ stack }: Subject): Step[] {
  return [
    {
      title: 'edited configuration is loaded into the running containers',
      async run() {
        await stack.loadConfiguration();
      },
    },
    {
      title: 'a second start changes nothing',
      async run(signal) {
        assert.deepEqual(await stack.start({ progress: () => undefined, signal }), { changed: false });
      },
    },
  ];
}

export function rules({ counts, say }: Subject): Step[] {
  return [
    {
      title: "configuration, rules and their tests pass with this stack's Prometheus",
      async run(signal) {
        const { version, ...checked } = await checkRules(signal);
        say(`        promtool ${version}`);
        Object.assign(counts, checked);
      },
    },
  ];
}
