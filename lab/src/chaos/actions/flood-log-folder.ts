import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readManifest } from '@lab/manifest';
import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { LOG_FILE_MARK, returnLogs } from '../rollbacks/return-logs.ts';

/** More than the console follows at once (512). */
const FLOOD = 600;
/** The console looks into the folder several times a second; a busy machine has it look later. */
const DISCOVERED_MS = 2_000;

export const floodLogFolder = actionKind({
  schema: z.strictObject({ do: z.literal('flood-log-folder') }),
  description:
    'Fills the log folder with more files than the console follows, and has every service begin a new one.',
  async perform(_, { paths: { applicationLogs: folder, root } }) {
    for (let number = 1; number <= FLOOD; number += 1)
      await writeFile(join(folder, `${LOG_FILE_MARK}.log.${number}`), '', { flag: 'a' });
    await pause(DISCOVERED_MS);
    const stamp = Date.now().toString(36);
    const ofServices = readManifest(root).parts.map(({ service }) => `${service}.log`);
    for (const name of await readdir(folder))
      if (ofServices.includes(name)) await rename(join(folder, name), join(folder, `${name}.chaos-${stamp}`));
  },
  touches: (_, { logs }) => [logs],
  undoneBy: [returnLogs],
});
