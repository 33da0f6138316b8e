import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { restoreConfiguration } from '../rollbacks/restore-configuration.ts';
import { scaledFor } from '../target/scaled-configuration.ts';

export const failingRule = actionKind({
  schema: z.strictObject({ do: z.literal('failing-rule') }),
  description: 'Loads a rule that parses and cannot be evaluated.',
  perform: async (_, target) =>
    target.stack.loadConfiguration(await scaledFor(target, { failingRule: true })),
  touches: () => ['prometheus'],
  undoneBy: [restoreConfiguration],
});
