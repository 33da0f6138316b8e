/**
 * The detached program behind kubernetes mode: holds the port-forwards. kubectl notices that a pod is gone only when somebody
 * connects, so each way is tried now and then; kubectl then ends, and the supervisor starts it towards the pod that took its place.
 */
import { describeError } from '../../cli/failure.ts';
import { labPaths } from '../../settings/paths.ts';
import { runDaemon } from '../../supervisor/daemon.ts';
import { MARK } from '../../supervisor/leftovers.ts';
import { configurationOf } from './forward-supervisor.ts';
import { forwardPart, leadsSomewhere } from './forwards.ts';
import { readNote } from './note.ts';

const TRY_EVERY_MS = 2_000;

const paths = labPaths();
const note = await readNote(paths);
if (!note) throw new Error(`${paths.run} has no note of a cluster: expected \`lab up\` to have written it`);
const { connection, forwards } = note;
await runDaemon({
  id: paths.id,
  parts: forwards.map((forward) => forwardPart(connection, forward, process.env, { [MARK]: paths.id })),
  runFolder: paths.run,
  logFolder: paths.logs,
  configuration: configurationOf(note),
});

setInterval(() => {
  for (const { local } of forwards)
    leadsSomewhere(local).catch((error: unknown) =>
      process.stdout.write(`port ${local} could not be tried: ${describeError(error)}\n`),
    );
}, TRY_EVERY_MS);
