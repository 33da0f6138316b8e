/** Makes what Prometheus finds its targets by: a file a part for its metrics, and one below `probes/` for the looks from outside. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, Part } from '@lab/manifest';
import { stringify } from 'yaml';
import { GENERATED, isGenerated } from './generated.ts';

/** The part that is asked for every look from outside. */
const PROBER = 'blackbox-exporter';

export interface TargetOptions {
  manifest: Manifest;
  /** Names of the parts that Prometheus can ask. */
  parts: readonly string[];
  /** Turns an address of the containers' network, such as `api:9464` or `http://web:8080/`, into one that Prometheus reaches. */
  address?(text: string, part: Part): string;
}

/** @returns the text of each file by its name below `targets/`, such as `api.yml` and `probes/web.yml`. */
export function targetFiles(options: TargetOptions): Map<string, string> {
  const present = options.manifest.parts.filter(({ name }) => options.parts.includes(name));
  return new Map(present.flatMap((part) => filesOf(part, options)));
}

/**
 * Makes the committed files below `prometheus/targets/`, which a plain `docker compose up` mounts: `full/` with the parts that are
 * always there, and for each part that a variable or a profile switches `optional/NAME-0.yml` and `optional/NAME-1.yml`.
 * @param running names of the parts that run: both of a part's optional files then say so. Undefined: compose.yaml chooses one.
 */
export function composeTargetFiles(manifest: Manifest, running?: readonly string[]): Map<string, string> {
  const kept = manifest.parts.filter(({ task }) => !task);
  const all = targetFiles({ manifest, parts: kept.map(({ name }) => name) });
  const present = targetFiles({
    manifest,
    parts: running ?? kept.filter((part) => !isSwitched(part)).map(({ name }) => name),
  });
  const switched = kept.filter(isSwitched).flatMap(({ name }) => [`${name}.yml`, `probes/${name}.yml`]);
  return new Map(
    [...all].flatMap(([file, text]): [string, string][] => {
      const here = present.get(file) ?? fileOf([]);
      if (!switched.includes(file)) return [[`full/${file}`, here]];
      const without = `optional/${file.replace('.yml', '-0.yml')}`;
      const included = `optional/${file.replace('.yml', '-1.yml')}`;
      return [
        [`full/${file}`, here],
        [without, here],
        [included, running ? here : text],
      ];
    }),
  );
}

/**
 * Reads the files of targets that a person put into a folder: those that are not generated.
 * @returns their texts by name below the folder, such as `shop.yml` and `probes/shop.yml`.
 */
export function ownTargetFiles(folder: string): Map<string, string> {
  const names = globSync('{,probes/}*.{yml,yaml}', { cwd: folder }).sort();
  const texts = names.map((name): [string, string] => [name, readFileSync(join(folder, name), 'utf8')]);
  return new Map(texts.filter(([, text]) => !isGenerated(text)));
}

/** Tells whether a full lab may be without it: a profile or a number of replicas decides. */
export function isSwitched({ profiles, replicas }: Part): boolean {
  return profiles.length > 0 || replicas !== undefined;
}

function filesOf(
  part: Part,
  { manifest, parts, address = (text) => text }: TargetOptions,
): [string, string][] {
  const scrapes = part.scrapes.map(({ job, port }) => {
    const target = address(`${part.name}:${port}`, part);
    return { targets: [target], labels: { job, instance: `${part.name}:${target.split(':').at(-1)}` } };
  });
  const prober = parts.includes(PROBER) ? manifest.part(PROBER) : undefined;
  const exporter = prober && address(`${PROBER}:${prober.managementPort}`, prober);
  const probes = part.probes.map(({ name, module, target }) => ({
    targets: [address(target, part)],
    labels: { target_name: name, __param_module: module, __exporter__: exporter },
  }));
  return [
    ...(scrapes.length > 0 ? [[`${part.name}.yml`, fileOf(scrapes)] as [string, string]] : []),
    ...(probes.length > 0 && exporter
      ? [[`probes/${part.name}.yml`, fileOf(probes)] as [string, string]]
      : []),
  ];
}

function fileOf(groups: readonly unknown[]): string {
  return GENERATED + stringify(groups, { lineWidth: 0 });
}
