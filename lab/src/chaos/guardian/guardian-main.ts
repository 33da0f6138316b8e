/**
 * Stands by while experiments run, in a session of its own. Ends when the note is gone; undoes everything when its owner is gone,
 * or when the time to live is over.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { describeError } from '../../cli/failure.ts';
import { isRunning } from '../../process/process-table.ts';
import { labPaths } from '../../settings/paths.ts';
import { loadSettings } from '../../settings/settings.ts';
import { readyFile } from './guardian.ts';
import { heal } from './heal.ts';
import { readState } from './state.ts';

const LOOK_MS = 250;
/** The owner is told to end first: it undoes things in order and reports them. */
const OWNER_GRACE_MS = 45_000;

const paths = labPaths();
const settings = await loadSettings(paths);
const say = (line: string) => console.log(`${new Date().toISOString()} ${line}`);

// What the terminal or a shutdown sends is for others: this process ends when its work is done.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
const post = await readState(paths.run);
await writeFile(readyFile(paths), String(process.pid), { mode: 0o600 });
say(post ? `standing by for ${post.kind} ${post.id}` : 'nothing to stand by for');

let told: number | undefined;
for (;;) {
  const state = await readState(paths.run).catch((error: unknown) => {
    say(describeError(error));
    return undefined;
  });
  // Gone, or another run's: that one has a guardian of its own.
  if (!state || state.id !== post?.id) break;
  const alive = isRunning(state.owner);
  const late = Date.now() > Date.parse(state.deadline);
  if (alive && late && told === undefined) {
    say('the time to live is over: telling the owner to end');
    told = Date.now();
    process.kill(state.owner.pid, 'SIGTERM');
  }
  if (!alive || (told !== undefined && Date.now() - told > OWNER_GRACE_MS)) {
    say(alive ? 'the owner does not end: undoing its work' : 'the owner is gone: undoing its work');
    await heal(state, { paths, settings, say }).then(
      () => say('the lab is healed'),
      (error: unknown) => say(describeError(error)),
    );
    break;
  }
  await pause(LOOK_MS);
}
process.exit(0);
