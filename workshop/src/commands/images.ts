/** `workshop images`: stand-ins for the images of compose.yaml, where no image registry can be reached, and our own images on top of them. */
import { CannotRun, type Command, ComposeCommand, ensureEnvironmentFile, labPaths } from '@lab/cli';
import { buildStandIns } from '../../stand-ins/build.ts';
import { ensureCompose } from '../../stand-ins/compose-plugin.ts';
import { WITHOUT_STAND_IN } from '../../stand-ins/recipes.ts';

const BUILD_TIMEOUT_MS = 20 * 60_000;

export const images: Command = {
  name: 'images',
  summary: 'stand-ins for the container images, where no image registry can be reached, and our own images',
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
    await ensureCompose(output.progress);
    output.progress('our own images');
    const paths = labPaths();
    // Compose reads it before it builds anything.
    await ensureEnvironmentFile(paths.environmentFile);
    await new ComposeCommand(paths).compose(['build'], { timeoutMs: BUILD_TIMEOUT_MS });
    output.result('our own images: built');
  },
};
