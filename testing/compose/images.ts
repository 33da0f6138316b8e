/** Which parts this engine cannot run, because their image is neither there, nor can be pulled or built. */
import { execFileSync } from 'node:child_process';
import type { FullStack } from '@lab/cli';
import { readCompose, withDefaults } from '@lab/manifest';
import { buildStandIns, RECIPES, standInLabel } from '@lab/workshop';

/** What a recipe of ours builds upon; those of the Node services build upon Node's image. */
const BASES: Record<string, string> = {
  'services/Dockerfile': 'node:24-bookworm-slim',
  fluentd: 'fluent/fluentd:v1.19.3-debian-2.4',
  jaeger: 'jaegertracing/jaeger:2.22.0',
};

/** The image that a part needs to be had: its own, or what its recipe builds upon. */
export function neededImage(part: string): string {
  const { image = '', build } = readCompose().services[part] ?? {};
  const base = build && BASES[build.dockerfile ?? build.context.replace(/^\.\//, '')];
  return base ?? withDefaults(image);
}

/**
 * Pulls what is missing; where that cannot be, builds stand-ins.
 * @returns parts that can run on neither, those that wait for one of them included.
 */
export async function obtainImages(
  { parts }: FullStack,
  progress: (line: string) => void,
): Promise<string[]> {
  await obtain(parts.map(neededImage), progress);
  const without = parts.filter((part) => !isHere(neededImage(part)));
  const { services } = readCompose();
  // And what waits for one of them.
  const needs = (part: string): boolean =>
    Object.keys(services[part]?.depends_on ?? {}).some((other) => without.includes(other) || needs(other));
  return parts.filter((part) => without.includes(part) || needs(part));
}

/** Pulls those images that are missing; where that cannot be, builds stand-ins of those that have a recipe. */
export async function obtain(images: readonly string[], progress: (line: string) => void): Promise<void> {
  const lacking = () => [...new Set(images)].filter((image) => !isHere(image));
  // One answer for all: an engine that cannot pull the first cannot pull the others, and each try takes its time.
  const [first, ...rest] = lacking();
  if (first !== undefined && pull(first)) for (const image of rest) pull(image);
  const missing = new Set(lacking());
  const recipes = RECIPES.filter(({ image }) => missing.has(image));
  // An old stand-in counts as missing too: a recipe may have changed since.
  const known = RECIPES.filter(({ image }) => images.includes(image));
  const outdated = await Promise.all(
    known.map(async (recipe) => ((await standInLabel(recipe.image)) ? [recipe] : [])),
  );
  const wanted = [...new Set([...recipes, ...outdated.flat()])];
  if (wanted.length > 0) await buildStandIns(progress, wanted);
}

/** What compose.yaml can do without, by variables of its own; then every command sees the same lab. */
const SWITCHES: Record<string, Record<string, string>> = {
  grafana: { GRAFANA_REPLICAS: '0', GRAFANA_URL: '' },
  kibana: { KIBANA_REPLICAS: '0', KIBANA_URL: '' },
};

/** Tells compose.yaml, for this process and those that it starts, that parts are left out. */
export function switchOff(leftOut: readonly string[]): void {
  for (const part of leftOut) Object.assign(process.env, SWITCHES[part]);
}

/** What a part's image is made of, where it is a stand-in; undefined where it is the real one. */
export async function standInOf(part: string): Promise<string | undefined> {
  const image = neededImage(part);
  if (!(await standInLabel(image))) return undefined;
  return RECIPES.find((recipe) => recipe.image === image)?.what;
}

const isHere = (image: string) => succeeds(['image', 'inspect', image], 10_000);
const pull = (image: string) => succeeds(['pull', '--quiet', image], 10 * 60_000);

function succeeds(args: string[], timeout: number): boolean {
  try {
    execFileSync('docker', args, { stdio: 'ignore', timeout });
    return true;
  } catch {
    return false; // The engine says why; that it cannot is what counts here.
  }
}
