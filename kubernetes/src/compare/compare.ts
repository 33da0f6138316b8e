/**
 * Holds the manifests against compose.yaml, both ways: every part stands in them with the same image, command, variables, ports, limits and
 * files, and nothing stands in them that compose.yaml does not know. What is meant to differ is named in expected-differences.ts.
 */
import { type Manifest, ROOT } from '@lab/manifest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { containersOf, type PlacedContainer } from '../placed-container.ts';
import { readFolder } from '../read-folder.ts';
import type { Difference } from './difference.ts';
import { differencesOfEnvironment } from './environment.ts';
import { ADDED, DIFFERENCES, EVERYWHERE, LEFT_OUT } from './expected-differences.ts';
import { differencesOfFiles } from './files.ts';
import { unlistedFiles } from './listed-files.ts';
import { differencesOfPorts } from './ports.ts';
import { differencesOfProgram } from './program.ts';

/** The folders that hold everything a part may be in. */
const FOLDERS = ['kubernetes/base', 'kubernetes/load'];

/** Reads base/ and load/ of a checkout. @throws ManifestError for what is not YAML. */
export function readManifests(root = ROOT): KubernetesObject[] {
  return FOLDERS.flatMap((folder) => readFolder(folder, root));
}

/**
 * Returns a line for each place where the manifests and compose.yaml disagree and nothing says why, and for each reason that is not needed
 * any more. None: they agree.
 */
export function complaintsAbout(
  objects: readonly KubernetesObject[],
  manifest: Manifest,
  root = ROOT,
): string[] {
  const containers = containersOf(objects);
  const find = (name: string) => containers.find(({ container }) => container.name === name);
  const left = new Set(Object.keys(LEFT_OUT));
  const absent = manifest.parts.filter(({ name }) => !left.has(name) && find(name) === undefined);
  const parts = manifest.parts.flatMap((part) => {
    const placed = find(part.name);
    return placed === undefined || left.has(part.name) ? [] : [{ part, placed }];
  });
  const found = parts.flatMap(({ part, placed }) => [
    ...differencesOfProgram(part, placed),
    ...differencesOfEnvironment(part, placed, addressesFrom(placed.namespace, parts)),
    ...differencesOfPorts(part, placed, objects, manifest),
    ...differencesOfFiles(part, placed, objects, root),
  ]);
  const names = new Set([...manifest.parts.map(({ name }) => name), ...Object.keys(ADDED)]);
  return [
    ...absent.map(
      ({ name }) =>
        `services.${name} of compose.yaml: expected a container named ${name} in kubernetes/base: add kubernetes/base/${name}.yaml ` +
        '(kubernetes/README.md shows how), or name it with a reason in kubernetes/src/compare/expected-differences.ts',
    ),
    ...[...left]
      .filter((name) => find(name) !== undefined || !manifest.parts.some((part) => part.name === name))
      .map((name) => `LEFT_OUT.${name}: expected a part of compose.yaml that kubernetes/base has not`),
    ...containers
      .filter(({ container }) => !names.has(container.name))
      .map(
        ({ container, workload }) =>
          `${workload.kind} ${workload.metadata.name}: expected a part of compose.yaml, got container ${container.name}: name it with ` +
          'a reason in kubernetes/src/compare/expected-differences.ts',
      ),
    ...unlistedFiles(objects, root),
    ...unexplained(found),
    ...outlived(
      found,
      parts.map(({ part }) => part.name),
    ),
  ];
}

function unexplained(found: readonly Difference[]): string[] {
  return found
    .filter(({ part, fact }) => DIFFERENCES[part]?.[fact] === undefined && EVERYWHERE[fact] === undefined)
    .map(({ part, fact, detail }) => `kubernetes: ${part}: ${fact}: ${detail}`);
}

/** A reason for a difference that is none any more hides the next one. */
function outlived(found: readonly Difference[], parts: readonly string[]): string[] {
  const everywhere = Object.keys(EVERYWHERE)
    .filter((fact) => !found.some((each) => each.fact === fact))
    .map((fact) => `EVERYWHERE.${fact}: expected a difference, but there is none`);
  const one = Object.entries(DIFFERENCES).flatMap(([part, facts]) =>
    Object.keys(facts)
      .filter(
        (fact) => parts.includes(part) && !found.some((each) => each.part === part && each.fact === fact),
      )
      .map((fact) => `DIFFERENCES.${part}.${fact}: expected a difference, but there is none`),
  );
  return [...everywhere, ...one];
}

/** Returns what turns an address of Compose's network into one that a pod of a namespace reaches: `jaeger:4318` → `jaeger.monitoring:4318`. */
export function addressesFrom(
  namespace: string,
  parts: readonly { part: { name: string }; placed: Pick<PlacedContainer, 'namespace'> }[],
): (text: string) => string {
  const elsewhere = new Map(
    parts
      .filter(({ placed }) => placed.namespace !== namespace)
      .map(({ part, placed }) => [part.name, placed.namespace]),
  );
  return (text) =>
    text.replaceAll(/(?<![\w.-])([a-z][a-z-]*)(?=:\d)/g, (name) => {
      const other = elsewhere.get(name);
      return other === undefined ? name : `${name}.${other}`;
    });
}
