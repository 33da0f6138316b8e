/** Leaves the folder of log files, where the services write and lite's console reads, as it was. */
import { readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { rollbackKind } from '../experiment/kinds.ts';

/** Every file that an action adds to the folder begins with this. */
export const LOG_FILE_MARK = 'lab-chaos';
/** A disk that is not there: where the link of `lose-log-disk` leads. */
export const GONE_DISK = `${LOG_FILE_MARK}-no-such-disk`;

export const returnLogs = rollbackKind({
  schema: z.strictObject({ undo: z.literal('return-logs') }),
  async perform(_, { paths: { applicationLogs: folder } }) {
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      if (name.startsWith(`${LOG_FILE_MARK}.log`) || (await leadsNowhere(path)))
        await rm(path, { force: true });
    }
  },
});

/** Tells a link that `lose-log-disk` made from one that a person put into the folder. */
async function leadsNowhere(path: string): Promise<boolean> {
  const target = await readlink(path).catch(() => ''); // No link, or gone meanwhile.
  return target.includes(GONE_DISK);
}
