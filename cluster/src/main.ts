/**
 * The `cluster` command behind `make cluster` and `make cluster-down`.
 *
 * Exit status: 0 done, 1 the cluster does not run, 2 it could not be done.
 */
import { runProgram } from '@lab/cli/program';
import { down } from './commands/down.ts';
import { status } from './commands/status.ts';
import { up } from './commands/up.ts';

await runProgram('cluster', [up, down, status]);
