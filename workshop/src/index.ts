/**
 * The workshop: what only the makers of the lab run (`node workshop/src/main.ts help`): pictures, measurements, benches, stand-ins and
 * the figures of the documents. This is its public face, for the tests that publish figures and run on stand-ins.
 */

export { buildStandIns, standInLabel } from '../stand-ins/build.ts';
export { ensureCompose } from '../stand-ins/compose-plugin.ts';
export { RECIPES, WITHOUT_STAND_IN } from '../stand-ins/recipes.ts';
export { round, writeFigures } from './figures/figures-file.ts';
export { repairEach } from './measure/repair-time.ts';
export { SteadyLoad } from './measure/steady-load.ts';
