import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@lab/manifest';
import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { serviceName } from '../experiment/names.ts';
import { GONE_DISK, returnLogs } from '../rollbacks/return-logs.ts';

export const loseLogDisk = actionKind({
  schema: z.strictObject({ do: z.literal('lose-log-disk'), service: serviceName }),
  description: 'Makes a service’s log file a link to a disk that is gone.',
  async perform({ service }, { paths: { applicationLogs: folder, root } }) {
    const file = join(folder, `${readManifest(root).part(service).service}.log`);
    await rename(file, `${file}.chaos-${Date.now().toString(36)}`);
    await symlink(join(folder, GONE_DISK, 'log'), file);
  },
  touches: ({ service }, { logs }) => [service, logs],
  undoneBy: [returnLogs],
});
