/** Brings images into the node: those that it lacks, or that have changed since. */
import { readFile, writeFile } from 'node:fs/promises';
import { type ProcessIdentity, runCommand } from '@lab/cli/program';
import { execa } from 'execa';
import { z } from 'zod';
import { enter, runInNode } from '../node/in-node.ts';
import type { BuiltImage } from './built-images.ts';
import { normalizeImage } from './names.ts';

const IMPORT_TIMEOUT_MS = 10 * 60_000;
/** Kubernetes' own namespace in containerd. */
const CTR = ['ctr', '--namespace', 'k8s.io'];
/** Reads from its input: the node does not see every folder of this machine. */
const IMPORT = [...CTR, 'images', 'import', '-'];

/** Images by name, each with what changes when it does; undefined for one that cannot be had. */
export type ImageIds = Readonly<Record<string, string | undefined>>;

export interface ImportPlan {
  /** To be brought in. */
  wanted: string[];
  /** In the node in the same state. */
  present: string[];
  /** Cannot be had. */
  missing: string[];
}

/**
 * Returns the images to bring in.
 * @param ids of the images by the names asked for.
 * @param noted ids of what was brought in before, by normalised names.
 * @param inNode names of the images that the node has.
 */
export function planImport(ids: ImageIds, noted: ImageIds, inNode: readonly string[]): ImportPlan {
  const plan: ImportPlan = { wanted: [], present: [], missing: [] };
  for (const [name, id] of Object.entries(ids)) {
    const known = normalizeImage(name);
    if (id === undefined) plan.missing.push(name);
    else if (inNode.includes(known) && noted[known] === id) plan.present.push(name);
    else plan.wanted.push(name);
  }
  return plan;
}

/** Ids of images in this machine's Docker. Without a Docker none is there. */
export async function dockerIds(names: readonly string[]): Promise<ImageIds> {
  const entries = await Promise.all(
    names.map(async (name) => {
      const found = await runCommand('docker', ['image', 'inspect', '--format', '{{.Id}}', name]).catch(
        () => undefined, // The engine says "no such image", or there is no engine: which is the answer.
      );
      return [name, found?.stdout.trim()] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** Imports images that were built without an engine. @param notes file that holds what was brought in before. */
export async function importArchives(
  node: ProcessIdentity,
  images: readonly BuiltImage[],
  notes: string,
): Promise<void> {
  const ids = Object.fromEntries(images.map(({ name, archive }) => [name, archive]));
  const { wanted } = await planFor(node, ids, notes);
  const [program = '', ...args] = [...enter(node), ...IMPORT];
  for (const name of wanted)
    await execa(program, args, { inputFile: ids[name] ?? '', timeout: IMPORT_TIMEOUT_MS });
  await note(notes, wanted, ids);
}

/**
 * Imports images from this machine's Docker.
 * @param notes file that holds what was brought in before.
 */
export async function importFromDocker(
  node: ProcessIdentity,
  names: readonly string[],
  notes: string,
  signal: AbortSignal,
): Promise<ImportPlan> {
  const ids = await dockerIds([...new Set(names)]);
  const plan = await planFor(node, ids, notes);
  if (plan.wanted.length === 0) return plan;
  const [program = '', ...args] = [...enter(node), ...IMPORT];
  const options = { timeout: IMPORT_TIMEOUT_MS, cancelSignal: signal, buffer: { stdout: false } } as const;
  // All at once: layers that images share go over once.
  await execa(options)`docker save ${plan.wanted}`.pipe(program, args, options);
  await note(notes, plan.wanted, ids);
  return plan;
}

async function planFor(node: ProcessIdentity, ids: ImageIds, notes: string): Promise<ImportPlan> {
  return planImport(ids, await readNotes(notes), await imagesInNode(node));
}

async function note(notes: string, names: readonly string[], ids: ImageIds): Promise<void> {
  const now = Object.fromEntries(names.map((name) => [normalizeImage(name), ids[name]]));
  await writeFile(notes, JSON.stringify({ ...(await readNotes(notes)), ...now }, undefined, 2), {
    mode: 0o600,
  });
}

async function imagesInNode(node: ProcessIdentity): Promise<string[]> {
  const { stdout } = await runInNode(node, [...CTR, 'images', 'list', '--quiet']);
  return stdout.split('\n');
}

async function readNotes(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch(() => '{}'); // Nothing was brought in before.
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}
