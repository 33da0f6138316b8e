/** A thread for the tests of `calls.ts`: it remembers, fails, waits and dies on demand. */
import { setTimeout as pause } from 'node:timers/promises';
import { serve } from '../../src/store/threads/calls.ts';

class OddError extends Error {
  override name = 'OddError';
  readonly position = 7;
  readonly hidden = { not: 'cloned' };
}

let count = 0;
const methods = {
  count: (_: undefined) => ++count,
  fail: (message: string) => {
    throw new OddError(message);
  },
  wait: async (ms: number) => {
    await pause(ms);
    return 'waited';
  },
  uncloneable: (_: undefined) => () => undefined,
  die: (_: undefined) => {
    setImmediate(() => {
      throw new Error('died on demand');
    });
  },
  tell: (event: unknown) => send(event),
};
export type ExampleMethods = typeof methods;

const send = serve(methods, () => undefined);
