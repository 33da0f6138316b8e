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

export interface Imported {
  /** Brought in now. */
  imported: string[];
  /** Were there in the same state. */
  present: string[];
  /** This machine's Docker does not have them. */
  missing: string[];
}

/** Images that Docker has, each by its id; undefined for one that it does not have. */
export type DockerIds = Readonly<Record<string, string | undefined>>;

export interface ImportPlan {
  wanted: string[];
  present: string[];
  missing: string[];
}

/**
 * What to bring in.
 * @param ids of the images by the names asked for.
 * @param noted ids of what was brought in before, by normalised names.
 * @param inNode names of the images that the node has.
 */
export function planImport(ids: DockerIds, noted: DockerIds, inNode: readonly string[]): ImportPlan {
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
export async function dockerIds(names: readonly string[]): Promise<DockerIds> {
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

/** Imports archives of images that the node lacks. */
export async function importArchives(node: ProcessIdentity, images: readonly BuiltImage[]): Promise<void> {
  const inNode = await imagesInNode(node);
  for (const { name, archive } of images)
    if (!inNode.includes(name))
      await runInNode(node, [...CTR, 'images', 'import', archive], { timeoutMs: IMPORT_TIMEOUT_MS });
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
): Promise<Imported> {
  const ids = await dockerIds([...new Set(names)]);
  const noted = await readNotes(notes);
  const { wanted, present, missing } = planImport(ids, noted, await imagesInNode(node));
  if (wanted.length > 0) {
    const [program = '', ...args] = [...enter(node), ...CTR, 'images', 'import', '-'];
    const options = { timeout: IMPORT_TIMEOUT_MS, cancelSignal: signal, buffer: { stdout: false } } as const;
    // All at once: layers that images share go over once.
    await execa(options)`docker save ${wanted}`.pipe(program, args, options);
    const now = Object.fromEntries(wanted.map((name) => [normalizeImage(name), ids[name]]));
    await writeFile(notes, JSON.stringify({ ...noted, ...now }, undefined, 2), { mode: 0o600 });
  }
  return { imported: wanted, present, missing };
}

async function imagesInNode(node: ProcessIdentity): Promise<string[]> {
  const { stdout } = await runInNode(node, [...CTR, 'images', 'list', '--quiet']);
  return stdout.split('\n');
}

async function readNotes(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch(() => '{}'); // Nothing was brought in before.
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}
