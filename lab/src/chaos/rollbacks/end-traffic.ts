import { z } from 'zod';
import { rollbackKind } from '../experiment/kinds.ts';
import { setTraffic } from '../target/extra-traffic.ts';

export const endTraffic = rollbackKind({
  schema: z.strictObject({ undo: z.literal('end-traffic') }),
  perform(_, target) {
    target.extraTraffic.abort();
    target.extraTraffic = new AbortController();
    setTraffic(target, 1);
  },
});
