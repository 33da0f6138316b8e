/** Images of the stack: which are there, and whether the others can be had. */
import { CannotRun, describeError } from '../../cli/failure.ts';
import type { StartOptions } from '../stack.ts';
import type { ComposeCommand } from './compose-command.ts';

/** Long enough for gigabytes over a slow line. */
const PULL_TIMEOUT_MS = 30 * 60_000;
const FIRST_PULL_TIMEOUT_MS = 3 * 60_000;

/** Images that are built here: never pulled. */
const OWN = /^observability-lab\//;

/** Images to pull of some parts (default: of all) that this engine does not have, the smallest known ones first. */
export async function missingImages(
  command: ComposeCommand,
  parts: readonly string[] = [],
): Promise<string[]> {
  const { stdout } = await command.compose(['config', '--images', ...parts]);
  const wanted = [...new Set(stdout.split('\n').filter((image) => image !== '' && !OWN.test(image)))];
  const present = await Promise.all(
    wanted.map((image) =>
      command.docker(['image', 'inspect', '--format', '{{.Id}}', image]).then(
        () => true,
        () => false, // The engine says "no such image", which is the answer.
      ),
    ),
  );
  const missing = wanted.filter((_, index) => !present[index]);
  return missing.sort((one, other) => Number(other.includes('exporter')) - Number(one.includes('exporter')));
}

/** @throws CannotRun where one image, a small one, cannot be pulled: then the rest cannot either. */
export async function requirePulls(command: ComposeCommand): Promise<void> {
  const [first] = await missingImages(command);
  if (first !== undefined) await pull(command, first, { timeoutMs: FIRST_PULL_TIMEOUT_MS });
}

/** @throws CannotRun naming the image. */
export async function pullMissing(
  command: ComposeCommand,
  parts: readonly string[],
  { progress, signal }: StartOptions,
): Promise<void> {
  const missing = await missingImages(command, parts);
  for (const [index, image] of missing.entries()) {
    progress(`pulling ${image} (${index + 1} of ${missing.length})`);
    await pull(command, image, { timeoutMs: PULL_TIMEOUT_MS, signal });
  }
}

async function pull(
  command: ComposeCommand,
  image: string,
  call: { timeoutMs: number; signal?: AbortSignal },
) {
  try {
    await command.docker(['pull', '--quiet', image], call);
  } catch (error) {
    call.signal?.throwIfAborted();
    throw new CannotRun(
      `${image} cannot be pulled: ${describeError(error).split('\n').at(-1)}; nothing was started. \`make up MODE=lite\` needs no images`,
      { cause: error },
    );
  }
}
