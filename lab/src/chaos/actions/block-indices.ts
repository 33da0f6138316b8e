import { z } from 'zod';
import { actionKind, rollbackKind } from '../experiment/kinds.ts';
import type { Target } from '../target/target.ts';

/** A watermark is free space: so much is never free. */
const MORE_THAN_ANY_DISK = '1000tb';

const unblockIndices = rollbackKind({
  schema: z.strictObject({ undo: z.literal('unblock-indices') }),
  perform: (_, target) => setBlock(target, null),
});

export const blockIndices = actionKind({
  schema: z.strictObject({ do: z.literal('block-indices') }),
  description: 'Closes Elasticsearch’s indices for writing, as it does itself when its disk is nearly full.',
  perform: (_, target) => setBlock(target, true),
  touches: () => ['elasticsearch'],
  undoneBy: [unblockIndices],
});

/** Elasticsearch opens its indices again every half minute unless its watermarks forbid it. */
async function setBlock(target: Target, blocked: true | null): Promise<void> {
  const mark = blocked && MORE_THAN_ANY_DISK;
  const watermarks = Object.fromEntries(
    ['low', 'high', 'flood_stage'].map((level) => [
      `cluster.routing.allocation.disk.watermark.${level}`,
      mark,
    ]),
  );
  await put(target, '_cluster/settings', { persistent: watermarks });
  await put(target, 'logs-*/_settings', { 'index.blocks.read_only_allow_delete': blocked });
}

async function put({ settings: { ports } }: Target, path: string, settings: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${ports.ELASTICSEARCH_PORT}/${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok)
    throw new Error(`Elasticsearch answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
}
