import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { onlyMode, partName } from '../experiment/names.ts';
import { start } from '../rollbacks/start.ts';

export const stop = actionKind({
  schema: z.strictObject({ do: z.literal('stop'), part: partName, mode: onlyMode }),
  description: 'Stops a part cleanly.',
  perform: ({ part }, { stack }) => stack.act(part, 'stop'),
  touches: ({ part }) => [part],
  undoneBy: [start],
});
