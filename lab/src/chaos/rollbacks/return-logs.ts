/** Leaves the folder of log files, where the services write and lite's console reads, as it was. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { rollbackKind } from '../experiment/kinds.ts';

/** Every file that an action adds to the folder begins with this. */
export const LOG_FILE_MARK = 'lab-chaos';

export const returnLogs = rollbackKind({
  schema: z.strictObject({ undo: z.literal('return-logs') }),
  async perform(_, { paths: { applicationLogs: folder } }) {
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const ours = name.startsWith(`${LOG_FILE_MARK}.log`) || (await lstat(path)).isSymbolicLink();
      if (ours) await rm(path, { force: true });
    }
  },
});
