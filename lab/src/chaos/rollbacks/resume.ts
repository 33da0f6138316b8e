import { z } from 'zod';
import { rollbackKind } from '../experiment/kinds.ts';
import { onlyMode, partName } from '../experiment/names.ts';

export const resume = rollbackKind({
  schema: z.strictObject({ undo: z.literal('resume'), part: partName, mode: onlyMode }),
  perform: ({ part }, { stack }) => stack.act(part, 'resume'),
});
