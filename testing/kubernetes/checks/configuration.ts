/** Configuration is loaded into running pods, and a second start changes nothing. */
import assert from 'node:assert/strict';
import { type Check, podsOf, type Subject } from '../subject.ts';

export function configuration(subject: Subject): Check[] {
  const { stack, counts } = subject;
  return [
    {
      title: 'edited configuration is loaded into Prometheus and Alertmanager, and neither is started anew',
      async run() {
        const before = [await podsOf(subject, 'prometheus'), await podsOf(subject, 'alertmanager')];
        const began = performance.now();
        await stack.loadConfiguration();
        counts['reload_seconds'] = Math.round((performance.now() - began) / 1000);
        assert.deepEqual(
          [await podsOf(subject, 'prometheus'), await podsOf(subject, 'alertmanager')],
          before,
        );
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
