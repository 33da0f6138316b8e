/** A fault inside a service, as its management listener takes it (services/telemetry/src/faults). */
import { z } from 'zod';
import { until } from '../../wait.ts';
import { actionKind, rollbackKind } from '../experiment/kinds.ts';
import { serviceName } from '../experiment/names.ts';

/** A service may have been killed a moment ago, or be blocked: it is asked again. */
const CLEAR_DEADLINE_MS = 20_000;
/** Services refuse a longer time. */
const LONGEST_SECONDS = 3_600;

const common = {
  do: z.literal('fault'),
  service: serviceName,
  route: z.string().startsWith('/').optional(),
};

const clearFaults = rollbackKind({
  schema: z.strictObject({ undo: z.literal('clear-faults'), service: serviceName }),
  /** A service that is gone has no faults any more; one that is starting may be asked too early. */
  async perform({ service }, { stack }) {
    await until(
      `${service} to switch its faults off`,
      async () => (await stack.management(service, '/faults', { method: 'DELETE' })).status < 300,
      { deadlineMs: CLEAR_DEADLINE_MS, everyMs: 250 },
    );
  },
});

export const fault = actionKind({
  schema: z.discriminatedUnion('fault', [
    z.strictObject({
      ...common,
      fault: z.literal('error'),
      ratio: z.number().gt(0).max(1),
      statusCode: z.int().min(400).max(599).optional(),
    }),
    z.strictObject({ ...common, fault: z.literal('latency'), milliseconds: z.number().min(1).max(60_000) }),
    z.strictObject({
      ...common,
      fault: z.literal('event_loop'),
      millisecondsPerSecond: z.number().min(1).max(950),
      bouts: z.int().min(1).max(20).optional(),
    }),
    z.strictObject({
      ...common,
      fault: z.literal('memory'),
      megabytesPerSecond: z.number().min(0.1).max(100),
      maxMegabytes: z.number().min(1).max(1024).optional(),
    }),
  ]),
  description:
    'Switches on a fault inside a service: errors, latency, a blocked event loop, or growing memory.',
  async perform({ do: _, service, ...wanted }, { stack, ttlSeconds }) {
    const body = JSON.stringify({
      ...wanted,
      ttlSeconds: Math.min(LONGEST_SECONDS, Math.ceil(ttlSeconds)),
    });
    const { status, body: said } = await stack.management(service, '/faults', { method: 'PUT', body });
    if (status >= 300)
      throw new Error(`${service} refused the fault ${wanted.fault}: ${status} ${said.slice(0, 200)}`);
  },
  touches: ({ service }) => [service],
  undoneBy: [clearFaults],
});
