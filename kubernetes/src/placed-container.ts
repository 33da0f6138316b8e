/** Finds the container that runs a part of compose.yaml, and says what the program in it sees: variables and files. */
import type { Container, KubernetesObject, PodSpec, Volume } from './kubernetes-object.ts';

/** A container with all that is around it. */
export interface PlacedContainer {
  container: Container;
  /** True: it ends before the others start. */
  init: boolean;
  pod: PodSpec;
  workload: KubernetesObject;
  namespace: string;
}

/** Returns every container of every workload, in the order of the objects. */
export function containersOf(objects: readonly KubernetesObject[]): PlacedContainer[] {
  return objects.flatMap((workload) => {
    const pod = workload.spec?.template?.spec;
    if (pod === undefined) return [];
    const place = (init: boolean) => (container: Container) => ({
      container,
      init,
      pod,
      workload,
      namespace: workload.metadata.namespace ?? 'default',
    });
    return [...(pod.initContainers ?? []).map(place(true)), ...pod.containers.map(place(false))];
  });
}

/** Returns the variables as the program finds them. A value of a Secret stands as `<KEY>`, of the pod itself as `<field>`. */
export function environmentOf({ env = [] }: Container): Map<string, string> {
  const variables = new Map<string, string>();
  for (const { name, value = '', valueFrom } of env) {
    const from = valueFrom?.secretKeyRef?.key ?? valueFrom?.fieldRef?.fieldPath;
    // As the kubelet does: a reference to a variable that stands above.
    const filled = value.replaceAll(
      /\$\(([A-Z0-9_]+)\)/g,
      (whole, other: string) => variables.get(other) ?? whole,
    );
    variables.set(name, from === undefined ? filled : `<${from}>`);
  }
  return variables;
}

/** Returns the variables that only serve others: a password that stands in an address. */
export function referredVariables({ env = [] }: Container): Set<string> {
  const text = env.map(({ value = '' }) => value).join('\n');
  return new Set([...text.matchAll(/\$\(([A-Z0-9_]+)\)/g)].map(([, name = '']) => name));
}

/** Returns the texts of the files that come from ConfigMaps, by their paths in the container. */
export function mountedFiles(
  { container, pod, namespace }: PlacedContainer,
  objects: readonly KubernetesObject[],
): Map<string, string> {
  const data = (name: string) =>
    objects.find(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' && metadata.name === name && metadata.namespace === namespace,
    )?.data ?? {};
  const mounts = container.volumeMounts ?? [];
  return new Map(
    mounts.flatMap(({ name, mountPath, subPath }) => {
      const volume = pod.volumes?.find((each) => each.name === name);
      return filesOf(volume, data)
        .filter(([file]) => subPath === undefined || file === subPath)
        .map(([file, text]): [string, string] => [
          subPath === undefined ? `${mountPath}/${file}` : mountPath,
          text,
        ]);
    }),
  );
}

function filesOf(
  volume: Volume | undefined,
  data: (name: string) => Record<string, string>,
): [string, string][] {
  const maps = [
    ...(volume?.configMap ? [volume.configMap] : []),
    ...(volume?.projected?.sources ?? []).flatMap(({ configMap }) => configMap ?? []),
  ];
  return maps.flatMap(({ name, items }) =>
    items === undefined
      ? Object.entries(data(name))
      : items.map(({ key, path }): [string, string] => [path, data(name)[key] ?? '']),
  );
}
