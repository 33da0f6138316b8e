/** `workshop screenshots`: the gallery, from the running lab; a picture that cannot be proven fails the run by its name. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CannotRun,
  type Command,
  describeError,
  formatDuration,
  loadSettings,
  openRunningStack,
  PromiseBroken,
} from '@lab/cli';
import { withFigures } from '@lab/docs';
import { writeFigures } from '../figures/figures-file.ts';
import { openCamera } from '../screenshots/camera.ts';
import { galleryPage } from '../screenshots/gallery.ts';
import { shoot, type Taken } from '../screenshots/shoot.ts';

export const screenshots: Command = {
  name: 'screenshots',
  summary: 'the gallery docs/screenshots, taken from the running lab, each picture proven',
  async run({ paths, environment, output, signal }) {
    if (!existsSync(paths.environmentFile)) throw new CannotRun('the lab is not up: run `make up` first');
    const settings = await loadSettings(paths, environment);
    const stack = await openRunningStack(paths, settings);
    const folder = join(paths.root, 'docs', 'screenshots');
    const began = performance.now();
    await using camera = await openCamera(environment);
    let taken: Taken[];
    try {
      taken = await shoot({ paths, stack, camera, folder, say: output.progress, signal });
    } catch (error) {
      signal.throwIfAborted();
      throw new CannotRun(`nothing to take pictures of: ${describeError(error)}`, { cause: error });
    }
    const failed = taken.filter(({ failure }) => failure !== undefined);
    // An old picture would pass for a new one.
    for (const { picture } of failed) await rm(join(folder, `${picture.name}.png`), { force: true });
    const milliseconds = performance.now() - began;
    await writeFigures(paths.root, 'screenshots', {
      command: 'make screenshots',
      figures: {
        pictures: taken.length,
        proven: taken.length - failed.length,
        seconds: Math.round(milliseconds / 1000),
        mode: stack.traits.mode,
      },
    });
    const gallery = join(folder, 'README.md');
    const page = galleryPage(stack.traits.viewers, (name) => existsSync(join(folder, `${name}.png`)));
    await writeFile(gallery, withFigures(page));
    output.result(
      `${taken.length - failed.length} of ${taken.length} pictures proven and taken in ${formatDuration(milliseconds)}, ${stack.traits.mode} mode`,
    );
    output.result(`gallery: ${gallery}`);
    if (failed.length > 0)
      throw new PromiseBroken(
        failed
          .map(({ picture, failure }) => `picture ${picture.name} could not be proven: ${failure}`)
          .join('\n'),
      );
  },
};
