import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { restoreConfiguration } from '../rollbacks/restore-configuration.ts';

export const refusedConfiguration = actionKind({
  schema: z.strictObject({ do: z.literal('refused-configuration') }),
  description: 'Has Prometheus and Alertmanager read configuration that they refuse.',
  perform: (_, { stack }) => stack.loadConfiguration({ spoiled: true }),
  touches: () => ['prometheus', 'alertmanager'],
  undoneBy: [restoreConfiguration],
});
