/**
 * The `lab` command behind make. Owns the list of commands; each lives in commands/, what runs
 * behind them in stack/ (the running lab), supervisor/ (its processes), tools/, settings/ and readiness/.
 *
 * Exit status: 0 done and held, 1 a promise was broken, 2 it could not run.
 */
import { runProgram } from './cli/run-program.ts';
import { bundle } from './commands/bundle.ts';
import { chaos } from './commands/chaos.ts';
import { doctor } from './commands/doctor.ts';
import { clean, down } from './commands/down.ts';
import { env } from './commands/env.ts';
import { gameday } from './commands/gameday.ts';
import { history } from './commands/history.ts';
import { load } from './commands/load.ts';
import { record } from './commands/record.ts';
import { recordings } from './commands/recordings.ts';
import { rehearse } from './commands/rehearse.ts';
import { reload } from './commands/reload.ts';
import { reveal } from './commands/reveal.ts';
import { status } from './commands/status.ts';
import { tools } from './commands/tools.ts';
import { up } from './commands/up.ts';

await runProgram('lab', [
  up,
  down,
  clean,
  status,
  doctor,
  reload,
  history,
  load,
  env,
  tools,
  rehearse,
  record,
  recordings,
  chaos,
  gameday,
  reveal,
  bundle,
]);
