/** The images of the overlay: those of ours are built, and local clusters, which have no registry, get them from the container engine. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CannotRun, describeError } from '../../cli/failure.ts';
import { runCommand } from '../../process/run-command.ts';
import type { LabPaths } from '../../settings/paths.ts';
import { ComposeCommand } from '../full/compose-command.ts';
import type { StartOptions } from '../stack.ts';
import { OWN_CONTEXT } from './context.ts';
import type { Connection, Kubectl } from './kubectl.ts';
import type { KubernetesObject, Workload } from './rendered.ts';

const BUILD_TIMEOUT_MS = 20 * 60_000;
const IMPORT_TIMEOUT_MS = 10 * 60_000;

/** Where a cluster takes images from. */
export type ImageSource = 'own' | 'kind' | 'k3d' | 'engine' | 'registry';

export function sourceOf({ context, kubeconfig }: Connection): ImageSource {
  if (context === OWN_CONTEXT && kubeconfig !== undefined) return 'own';
  if (context.startsWith('kind-')) return 'kind';
  if (context.startsWith('k3d-')) return 'k3d';
  // It runs the container engine's own images.
  return context === 'docker-desktop' || context === 'orbstack' ? 'engine' : 'registry';
}

/** Returns the images that the container engine of this machine has, of those named; undefined where no engine answers. */
export async function imagesOfEngine(wanted: readonly string[]): Promise<Set<string> | undefined> {
  try {
    const { stdout } = await runCommand('docker', ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'], {
      timeoutMs: 20_000,
    });
    const there = new Set(stdout.split('\n'));
    return new Set(wanted.filter((image) => there.has(image)));
  } catch {
    // No engine, or one that is not running: what follows from that is the caller's to say.
    return undefined;
  }
}

/**
 * Builds the images of ours. A machine without Compose cannot; it goes on with those that its engine has.
 * @param own parts with a recipe of ours, and their images.
 * @throws CannotRun with the builder's words, or naming the images that are neither there nor can be built.
 */
export async function buildOwn(
  paths: LabPaths,
  own: readonly Pick<Workload, 'part' | 'images'>[],
  { progress, signal }: StartOptions,
): Promise<void> {
  const compose = new ComposeCommand(paths);
  const canBuild = await compose.docker(['compose', 'version']).then(
    () => true,
    () => false, // Docker says that it knows no such command, which is the answer.
  );
  if (!canBuild) return requireBuilt(own, progress);
  progress('building our own images (the first time takes minutes)');
  const parts = own.map(({ part }) => part);
  try {
    await compose.compose(['build', ...parts], { timeoutMs: BUILD_TIMEOUT_MS, signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new CannotRun(`an image of ours cannot be built: ${describeError(cause)}`, { cause });
  }
}

async function requireBuilt(
  own: readonly Pick<Workload, 'images'>[],
  progress: (line: string) => void,
): Promise<void> {
  const wanted = [...new Set(own.flatMap(({ images }) => images))];
  const here = await imagesOfEngine(wanted);
  const missing = wanted.filter((image) => !here?.has(image));
  if (missing.length > 0)
    throw new CannotRun(
      `this machine has no Compose to build ${missing.join(', ')}: install its plugin for Docker, or \`make images\`, which brings its own`,
    );
  progress('our own images are taken as Docker has them: there is no Compose to build them anew');
}

/** How a cluster of a kind takes over images of the container engine. */
export type Importer = (images: readonly string[], options: StartOptions) => Promise<void>;

const nodes = z.object({
  items: z.array(
    z.object({
      status: z.object({
        images: z.array(z.object({ names: z.array(z.string()).default([]) })).default([]),
      }),
    }),
  ),
});

/**
 * Brings images into a local cluster; one with a registry pulls them itself, and says at the pod what it cannot pull.
 * @throws CannotRun naming the image that cannot be brought.
 */
export async function bringImages(
  kubectl: Kubectl,
  images: readonly string[],
  own: Importer,
  options: StartOptions,
): Promise<void> {
  const { context } = kubectl.connection;
  const source = sourceOf(kubectl.connection);
  if (source === 'registry' || source === 'engine') return;
  const wanted = [...new Set(images)];
  const here = await imagesOfEngine(wanted);
  if (here === undefined)
    throw new CannotRun(
      `the cluster ${context} takes its images from Docker, and no container engine answers: start Docker`,
    );
  const brought = wanted.filter((image) => here.has(image));
  if (source === 'own') {
    await requireThere(
      kubectl,
      wanted.filter((image) => !here.has(image)),
    );
    return own(brought, options);
  }
  const cluster = context.replace(/^(kind|k3d)-/, '');
  options.progress(`loading ${brought.length} images into ${cluster}`);
  const [file, args] =
    source === 'kind'
      ? ['kind', ['load', 'docker-image', '--name', cluster, ...brought]]
      : ['k3d', ['image', 'import', '--cluster', cluster, ...brought]];
  try {
    await runCommand(file, args, { timeoutMs: IMPORT_TIMEOUT_MS, signal: options.signal });
  } catch (cause) {
    options.signal.throwIfAborted();
    throw new CannotRun(`the images cannot be loaded into ${context}: ${describeError(cause)}`, { cause });
  }
}

/** The cluster of `make cluster` reaches no registry: what is neither in it nor in the engine cannot come. */
async function requireThere(kubectl: Kubectl, images: readonly string[]): Promise<void> {
  if (images.length === 0) return;
  const { items } = await kubectl.json(nodes, ['get', 'nodes']);
  const there = new Set(items.flatMap(({ status }) => status.images.flatMap(({ names }) => names)));
  const missing = images.filter((image) => ![...there].some((name) => isSame(name, image)));
  if (missing.length > 0)
    throw new CannotRun(
      `the images ${missing.join(', ')} are neither in the cluster nor in Docker; nothing was applied: \`docker pull\` brings them, \`make images\` builds stand-ins`,
    );
}

/** The runtime names Docker's images in full. */
function isSame(inCluster: string, image: string): boolean {
  return [image, `docker.io/${image}`, `docker.io/library/${image}`].includes(inCluster);
}

/** Note on pods: the images that they run, by what the container engine has under their names. */
const IMAGES = 'observability-lab/images';

/**
 * Notes on each pod which images it runs, by their ids in the container engine, where the cluster has them from there: an image that was
 * built anew under the same name then rolls the pods that run it.
 */
export async function withImageIds(
  objects: readonly KubernetesObject[],
  connection: Connection,
): Promise<KubernetesObject[]> {
  const ids = sourceOf(connection) === 'registry' ? new Map<string, string>() : await idsOfEngine();
  return objects.map((object) => {
    const { kind, spec } = object;
    if (!spec?.template || kind === 'Job') return object;
    const { containers, initContainers = [] } = spec.template.spec;
    const known = [...initContainers, ...containers].flatMap(({ image }) => ids.get(image) ?? []);
    if (known.length === 0) return object;
    const metadata = spec.template.metadata ?? {};
    const note = createHash('sha256').update(known.join()).digest('hex').slice(0, 16);
    const template = {
      ...spec.template,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [IMAGES]: note } },
    };
    return { ...object, spec: { ...spec, template } };
  });
}

/** Ids by name; none where no engine answers. */
async function idsOfEngine(): Promise<Map<string, string>> {
  const format = '{{.Repository}}:{{.Tag}} {{.ID}}';
  const { stdout } = await runCommand('docker', ['image', 'ls', '--no-trunc', '--format', format], {
    timeoutMs: 20_000,
  }).catch(() => ({ stdout: '' })); // What needs the engine has said so before.
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const [name = '', id] = line.split(' ');
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}
