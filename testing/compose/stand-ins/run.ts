/** `make images`: stand-ins for the images of compose.yaml, where no image registry can be reached. Exit status 2: one failed. */
import { buildStandIns } from './build.ts';
import { WITHOUT_STAND_IN } from './recipes.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);
const built = await buildStandIns(say);
for (const { recipe, outcome } of built.filter((each) => typeof each.outcome === 'string'))
  console.log(`${recipe.image}: ${outcome === 'not ours' ? 'already here, not a stand-in' : recipe.what}`);
for (const [part, reason] of Object.entries(WITHOUT_STAND_IN)) console.log(`none for ${part}: ${reason}`);
process.exitCode = built.some(({ outcome }) => typeof outcome === 'object') ? 2 : 0;
