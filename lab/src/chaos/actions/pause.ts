import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { onlyMode, partName } from '../experiment/names.ts';
import { resume } from '../rollbacks/resume.ts';

export const pause = actionKind({
  schema: z.strictObject({ do: z.literal('pause'), part: partName, mode: onlyMode }),
  description: 'Freezes a part: its connections stay open, and nothing answers.',
  perform: ({ part }, { stack }) => stack.act(part, 'pause'),
  touches: ({ part }) => [part],
  undoneBy: [resume],
});
