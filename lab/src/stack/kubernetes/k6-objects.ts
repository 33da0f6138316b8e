/** What `make load` puts into the cluster: the Job of kubernetes/load under a name of its own, told by a Secret what to do. */
import type { KubernetesObject } from './rendered.ts';

export const NAMESPACE = 'monitoring';

export interface K6Run {
  name: string;
  /** They hold sessions of accounts: a Secret carries them. */
  variables: Readonly<Record<string, string>>;
  args: readonly string[];
}

/** Returns the objects of one run. @param rendered those of kubernetes/load. */
export function k6Objects(
  rendered: readonly KubernetesObject[],
  { name, variables, args }: K6Run,
): KubernetesObject[] {
  const labels = { 'app.kubernetes.io/part-of': 'observability-lab' };
  const secret: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE, labels },
    stringData: variables,
  };
  return [
    secret,
    ...rendered.map((object): KubernetesObject => {
      const { spec } = object;
      if (object.kind !== 'Job' || !spec?.template) return object;
      const pod = spec.template.spec;
      const containers = pod.containers.map((container) => ({
        ...container,
        args: [...args],
        envFrom: [{ secretRef: { name } }],
      }));
      const template = { ...spec.template, spec: { ...pod, containers } };
      return { ...object, metadata: { ...object.metadata, name }, spec: { ...spec, template } };
    }),
  ];
}
