import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endTraffic } from '../rollbacks/end-traffic.ts';
import { perSecond, sendEach } from '../target/extra-traffic.ts';

export const brokenSpans = actionKind({
  schema: z.strictObject({ do: z.literal('broken-spans'), perSecond }),
  description: 'Sends spans to the tracing backend that no backend can keep.',
  perform(action, { stack, extraTraffic: { signal } }) {
    sendEach(action.perSecond, signal, (request) =>
      request(`${stack.addresses.otlp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"resourceSpans":"none"}',
      }),
    );
  },
  touches: (_, { traces }) => [traces],
  undoneBy: [endTraffic],
});
