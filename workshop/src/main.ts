/**
 * The `workshop` command: what the makers of the lab run, and a person of the lab only for pictures. Owns the list of commands; each
 * lives in commands/, what they measure and draw in the folders beside it. The lab itself is reached by its public face.
 *
 * Usage: node workshop/src/main.ts COMMAND [--option value]
 * Exit status: 0 done and held, 1 a promise was broken, 2 it could not run.
 */
import { runProgram } from '@lab/cli';
import { alertFigures } from './commands/alert-figures.ts';
import { bench } from './commands/bench.ts';
import { benchStore } from './commands/bench-store.ts';
import { chaosFigures } from './commands/chaos-figures.ts';
import { dashboardFigures } from './commands/dashboard-figures.ts';
import { demo } from './commands/demo.ts';
import { house } from './commands/house.ts';
import { images } from './commands/images.ts';
import { measure } from './commands/measure.ts';
import { measureExperiments } from './commands/measure-experiments.ts';
import { measureLoad } from './commands/measure-load.ts';
import { measureSizing } from './commands/measure-sizing.ts';
import { rehearsalFigures } from './commands/rehearsal-figures.ts';
import { screenshots } from './commands/screenshots.ts';

await runProgram('workshop', [
  screenshots,
  demo,
  images,
  bench,
  benchStore,
  measure,
  measureExperiments,
  measureLoad,
  measureSizing,
  alertFigures,
  dashboardFigures,
  chaosFigures,
  rehearsalFigures,
  house,
]);
