import { z } from 'zod';
import { rollbackKind } from '../experiment/kinds.ts';
import { scaledFor } from '../target/scaled-configuration.ts';

export const restoreConfiguration = rollbackKind({
  schema: z.strictObject({ undo: z.literal('restore-configuration') }),
  perform: async (_, target) => target.stack.loadConfiguration(await scaledFor(target)),
});
