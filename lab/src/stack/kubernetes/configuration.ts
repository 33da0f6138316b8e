/** What Prometheus and Alertmanager read in a cluster: ConfigMaps, loaded into the running pods without a restart. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { CannotRun, describeError } from '../../cli/failure.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { type Configured, requireAccepted, sourceFiles } from '../configuration.ts';
import type { LoadConfigurationOptions } from '../stack.ts';
import type { Kubectl } from './kubectl.ts';
import type { Pod } from './pods.ts';
import type { KubernetesObject } from './rendered.ts';

/** The ConfigMaps of each part, and which of the checkout's files each of them holds. */
const HOLDS: Readonly<Record<string, { part: Configured; takes: RegExp }>> = {
  'prometheus-config': { part: 'prometheus', takes: /^prometheus\.yml$/ },
  'prometheus-rules': { part: 'prometheus', takes: /^rules\// },
  'alertmanager-config': { part: 'alertmanager', takes: /^alertmanager\.yml$/ },
  'alertmanager-templates': { part: 'alertmanager', takes: /^templates\// },
};

/** Beyond the kubelet's own minute: it looks at once when an annotation of the pod changes. */
const MOUNTED_WITHIN_SECONDS = 90;
const SPOILED = '\nspoiled: [by an experiment\n';
/** Note on a pod that makes its kubelet look at it now. */
const TOUCHED = 'observability-lab/configuration';

const globals = z.looseObject({
  global: z.looseObject({ external_labels: z.record(z.string(), z.string()).optional() }).default({}),
});

/** Returns the overlay's objects with the configuration of this lab in its ConfigMaps: linked to its console, or from other folders. */
export function withConfiguration(
  objects: readonly KubernetesObject[],
  paths: LabPaths,
  settings: Settings,
  { spoiled = false, ...sources }: LoadConfigurationOptions = {},
): KubernetesObject[] {
  const files = sourceFiles(paths, settings, sources);
  return objects.map((object) => {
    const held = HOLDS[object.metadata.name];
    if (object.kind !== 'ConfigMap' || held === undefined) return object;
    const own = new Map(
      files[held.part].flatMap(([name, text]) => (held.takes.test(name) ? [[basename(name), text]] : [])),
    );
    const data = Object.fromEntries(
      [...own].map(([name, text]) => [
        name,
        name === 'prometheus.yml' ? inCluster(object.data?.[name] ?? '', text) : text,
      ]),
    );
    const main = `${held.part}.yml`;
    const text = data[main];
    return { ...object, data: spoiled && text ? { ...data, [main]: text + SPOILED } : data };
  });
}

/** A cluster's scrape configuration is its own; how often it scrapes, and where its alerts link to, is everywhere the same. */
function inCluster(own: string, elsewhere: string): string {
  const ours = globals.parse(parse(own) ?? {});
  const theirs = globals.parse(parse(elsewhere) ?? {});
  const labels = { ...ours.global.external_labels, ...theirs.global.external_labels };
  const global = {
    ...ours.global,
    ...theirs.global,
    ...(Object.keys(labels).length > 0 ? { external_labels: labels } : {}),
  };
  if (isDeepStrictEqual(global, ours.global)) return own;
  return stringify({ ...ours, global });
}

/** Returns those ConfigMaps whose data the cluster has otherwise, or not at all. */
export async function changedConfigMaps(
  kubectl: Kubectl,
  objects: readonly KubernetesObject[],
): Promise<KubernetesObject[]> {
  const wanted = objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name in HOLDS);
  const found = z.object({
    items: z.array(
      z.object({
        metadata: z.object({ name: z.string() }),
        data: z.record(z.string(), z.string()).default({}),
      }),
    ),
  });
  const changed = await Promise.all(
    [...Map.groupBy(wanted, ({ metadata }) => metadata.namespace ?? '')].map(async ([namespace, maps]) => {
      const { items } = await kubectl.json(found, ['get', 'configmaps', '--namespace', namespace]);
      const there = new Map(items.map(({ metadata, data }) => [metadata.name, data]));
      return maps.filter(({ metadata, data }) => !isSame(there.get(metadata.name), data ?? {}));
    }),
  );
  return changed.flat();
}

function isSame(one: Record<string, string> | undefined, other: Record<string, string>): boolean {
  if (one === undefined) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** Returns which part reads a ConfigMap. */
export function readerOf({ metadata }: KubernetesObject): Configured | undefined {
  return HOLDS[metadata.name]?.part;
}

/** Has the checkers in the running pods read the configuration. @throws CannotRun with their words; nothing was changed. */
export async function checkConfiguration(
  kubectl: Kubectl,
  objects: readonly KubernetesObject[],
  pods: Readonly<Record<Configured, readonly Pod[]>>,
): Promise<void> {
  const data = (name: string) => objects.find(({ metadata }) => metadata.name === name)?.data ?? {};
  const checks: { part: Configured; command: string[]; input: string }[] = [
    {
      part: 'prometheus',
      command: ['promtool', 'check', 'rules', '/dev/stdin'],
      input: oneFileOf(Object.values(data('prometheus-rules'))),
    },
    {
      part: 'prometheus',
      command: ['promtool', 'check', 'config', '--syntax-only', '/dev/stdin'],
      input: data('prometheus-config')['prometheus.yml'] ?? '',
    },
    {
      part: 'alertmanager',
      command: ['amtool', 'check-config', '/dev/stdin'],
      input: data('alertmanager-config')['alertmanager.yml'] ?? '',
    },
  ];
  await requireAccepted(
    checks.flatMap(({ part, command, input }) => {
      const [pod] = pods[part];
      return pod ? [kubectl.run([...executionIn(pod, part, true), ...command], { input })] : [];
    }),
  );
}

/** A checker reads one file from its standard input: the groups of all files, whose names differ. */
function oneFileOf(texts: readonly string[]): string {
  const groups = z.object({ groups: z.array(z.unknown()).default([]) });
  return stringify({ groups: texts.flatMap((text) => groups.parse(parse(text) ?? {}).groups) });
}

/** Returns the beginning of a command that runs in a pod. */
export function executionIn(
  { metadata: { name, namespace } }: Pod,
  container: string,
  stdin = false,
): string[] {
  const options = stdin ? ['--stdin'] : [];
  return ['exec', ...options, '--namespace', namespace, name, '--container', container, '--'];
}

const mounts = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.array(
          z.looseObject({
            name: z.string(),
            volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
          }),
        ),
        volumes: z
          .array(
            z.looseObject({ name: z.string(), configMap: z.looseObject({ name: z.string() }).optional() }),
          )
          .default([]),
      }),
    }),
  }),
});

/** Returns the folders in which a part's container finds its ConfigMaps, by ConfigMap. */
export function mountedAt(workload: KubernetesObject, container: string): Map<string, string> {
  const { containers, volumes } = mounts.parse(workload).spec.template.spec;
  const own = containers.find(({ name }) => name === container)?.volumeMounts ?? [];
  return new Map(
    volumes.flatMap(({ name, configMap }) => {
      const mount = own.find((each) => each.name === name);
      return configMap && mount ? [[configMap.name, mount.mountPath] as const] : [];
    }),
  );
}

/**
 * Waits in a pod until the files are there, then has its program read them (SIGHUP to all but the shell and process 1).
 * @param pod of a part that reads them.
 * @throws CannotRun where the files do not come.
 */
export async function reloadPod(
  kubectl: Kubectl,
  pod: Pod,
  container: Configured,
  maps: readonly KubernetesObject[],
  folders: ReadonlyMap<string, string>,
): Promise<void> {
  const { name, namespace } = pod.metadata;
  const wanted = maps.flatMap(({ metadata, data = {} }) => {
    const folder = folders.get(metadata.name);
    return folder === undefined ? [] : [{ folder, digest: digestOf(Object.entries(data)) }];
  });
  const now = JSON.stringify({ metadata: { annotations: { [TOUCHED]: new Date().toISOString() } } });
  await kubectl.run(['patch', 'pod', name, '--namespace', namespace, '--type=merge', `--patch=${now}`]);
  try {
    await kubectl.run([...executionIn(pod, container), 'sh', '-c', waitingScript(wanted)], {
      timeoutMs: (MOUNTED_WITHIN_SECONDS + 30) * 1000,
    });
  } catch (cause) {
    throw new CannotRun(
      `the new configuration did not come into the pod ${name}: ${describeError(cause).trim().split('\n').at(-1)}`,
      { cause },
    );
  }
}

/** A digest of a folder's files in the order of their names, as `cat * | sha256sum` makes it. */
function digestOf(files: readonly (readonly [string, string])[]): string {
  const hash = createHash('sha256');
  for (const [, text] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) hash.update(text);
  return hash.digest('hex');
}

function waitingScript(wanted: readonly { folder: string; digest: string }[]): string {
  const holds = wanted
    .map(({ folder, digest }) => `[ "$(cat ${folder}/* | sha256sum)" = "${digest}  -" ]`)
    .join(' && ');
  const looks = MOUNTED_WITHIN_SECONDS * 5;
  return `export LC_ALL=C; i=0; until ${holds || 'true'}; do i=$((i+1)); [ $i -lt ${looks} ] || exit 1; sleep 0.2; done; kill -HUP -1`;
}
