/** Reads the objects of a folder as Kustomize would, without Kustomize: its resources and the ConfigMaps that it makes of files. */
import { readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { ManifestError, ROOT } from '@lab/manifest';
import { parse, parseAllDocuments } from 'yaml';
import type { KubernetesObject } from './kubernetes-object.ts';

interface Kustomization {
  namespace?: string;
  resources?: string[];
  components?: string[];
  patches?: unknown[];
  configMapGenerator?: { name: string; namespace?: string; files: string[] }[];
}

/**
 * Returns the objects of a kustomization. Patches are not applied and names get no hash: base/ and load/ have no patches.
 * @param folder below the checkout, such as `kubernetes/base`.
 * @throws ManifestError for what is not YAML.
 */
export function readFolder(folder: string, root = ROOT): KubernetesObject[] {
  const here = join(root, folder);
  const file = join(here, 'kustomization.yaml');
  const kustomization = parse(readFileSync(file, 'utf8')) as Kustomization;
  const resources = (kustomization.resources ?? []).flatMap((name) => {
    const path = join(here, name);
    return statSync(path).isDirectory()
      ? readFolder(relative(root, path), root)
      : documentsOf(readFileSync(path, 'utf8'), relative(root, path));
  });
  const made = (kustomization.configMapGenerator ?? []).map(
    ({ name, namespace = kustomization.namespace, files }): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      data: Object.fromEntries(files.map((each) => keyOf(each, here))),
    }),
  );
  return [...resources, ...made];
}

/** Reads every object of a text. @param file names it in complaints. @throws ManifestError for what is not YAML. */
export function documentsOf(text: string, file: string): KubernetesObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0])
      throw new ManifestError([`${file}: expected YAML: ${document.errors[0].message}`]);
    const object = document.toJS() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}

/** Returns the key and the text of a generator's entry, `file` or `key=file`. */
function keyOf(entry: string, folder: string): [string, string] {
  const [key = '', file = key] = entry.split('=');
  return [entry.includes('=') ? key : basename(file), readFileSync(join(folder, file), 'utf8')];
}
