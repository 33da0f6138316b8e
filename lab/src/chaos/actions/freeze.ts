import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { partName } from '../experiment/names.ts';
import { resume } from '../rollbacks/resume.ts';

export const freeze = actionKind({
  schema: z.strictObject({
    do: z.literal('freeze'),
    part: partName,
    seconds: z.number().positive().max(60),
  }),
  description: 'Freezes a part for so long and lets it go on: what is wrong shows afterwards.',
  async perform({ part, seconds }, { stack }) {
    await stack.act(part, 'pause');
    await pause(seconds * 1000);
    await stack.act(part, 'resume');
  },
  touches: ({ part }) => [part],
  undoneBy: [resume],
});
