import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endTraffic } from '../rollbacks/end-traffic.ts';
import { LOG_FILE_MARK, returnLogs } from '../rollbacks/return-logs.ts';
import { perSecond, sendSteadily } from '../target/extra-traffic.ts';

export const brokenLogLines = actionKind({
  schema: z.strictObject({ do: z.literal('broken-log-lines'), perSecond }),
  description: 'Writes lines into the log folder that are no records.',
  perform(action, { paths, extraTraffic: { signal } }) {
    const file = join(paths.applicationLogs, `${LOG_FILE_MARK}.log`);
    const line = '{"this line": is no record\n';
    sendSteadily(action.perSecond, signal, (count) => appendFile(file, line.repeat(count)));
  },
  touches: (_, { logs }) => [logs],
  undoneBy: [endTraffic, returnLogs],
});
