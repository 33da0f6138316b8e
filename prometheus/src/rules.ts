/** Reads the rules: files of a folder, with what follows from the manifest made anew. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, readManifest } from '@lab/manifest';
import { fillBlocks } from './parts/blocks.ts';
import { downRulesFile } from './parts/down-alerts.ts';
import { ROOT } from './repository.ts';

/**
 * Reads the checkout's rules.
 * @returns the text of each rules file by its name, such as `api.yml`.
 * @throws ManifestError where compose.yaml is wrong.
 */
export function readRules(manifest: Manifest = readManifest(ROOT)): Map<string, string> {
  const written = [...readRulesOf(join(ROOT, 'prometheus/rules'))];
  return new Map([
    ...written.map(([name, text]): [string, string] => [name, fillBlocks(text, manifest)]),
    ['parts.yml', downRulesFile(manifest)],
  ]);
}

/** Reads the rules files of a folder as they are, by name. */
export function readRulesOf(folder: string): Map<string, string> {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
