/** `workshop images`: stand-ins for the images of compose.yaml, where no image registry can be reached. */
import { CannotRun, type Command } from '@lab/cli';
import { buildStandIns } from '../../stand-ins/build.ts';
import { WITHOUT_STAND_IN } from '../../stand-ins/recipes.ts';

export const images: Command = {
  name: 'images',
  summary: 'stand-ins for the container images, where no image registry can be reached',
  async run({ output }) {
    const built = await buildStandIns(output.progress);
    const failed: string[] = [];
    for (const { recipe, outcome } of built) {
      if (typeof outcome === 'object') failed.push(recipe.image);
      else
        output.result(
          `${recipe.image}: ${outcome === 'not ours' ? 'already here, not a stand-in' : recipe.what}`,
        );
    }
    for (const [part, reason] of Object.entries(WITHOUT_STAND_IN))
      output.result(`none for ${part}: ${reason}`);
    if (failed.length > 0) throw new CannotRun(`could not be built: ${failed.join(', ')}`);
  },
};
