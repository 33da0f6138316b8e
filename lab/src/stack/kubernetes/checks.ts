/** What has to hold before anything is applied: one sentence for each thing that does not. */
import { z } from 'zod';
import { CannotRun, describeError } from '../../cli/failure.ts';
import type { Kubectl } from './kubectl.ts';
import { type KubernetesObject, toYaml } from './rendered.ts';

const OWN_LABEL = 'app.kubernetes.io/part-of';
const OWN = 'observability-lab';

/** @throws CannotRun with a line for each obstacle. */
export async function requireUsable(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<void> {
  await requireAnswer(kubectl);
  const complaints = (
    await Promise.all([
      missingRights(kubectl, objects),
      missingStorageClass(kubectl, objects),
      foreignNamespaces(kubectl, objects),
    ])
  ).flat();
  if (complaints.length > 0) throw new CannotRun([...complaints, 'nothing was applied'].join('\n'));
}

/** @throws CannotRun where the API server does not answer. */
export async function requireAnswer(kubectl: Kubectl): Promise<void> {
  const { context } = kubectl.connection;
  try {
    await kubectl.run(['get', '--raw', '/readyz'], { timeoutMs: 15_000 });
  } catch (cause) {
    const said = describeError(cause).trim().split('\n').at(-1);
    throw new CannotRun(
      `the cluster of context ${context} does not answer (${said}): start it, choose another with CONTEXT=NAME, or make one with \`make cluster\``,
      { cause },
    );
  }
}

const reviews = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        resourceAttributes: z.object({ resource: z.string(), namespace: z.string().optional() }),
      }),
      status: z.object({ allowed: z.boolean().default(false) }),
    }),
  ),
});

/** Asks in one request whether every kind of object may be written where the overlay has it. */
async function missingRights(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<string[]> {
  const wanted = new Map(
    objects.map(({ apiVersion, kind, metadata: { namespace } }) => {
      const attributes = {
        group: apiVersion.includes('/') ? apiVersion.split('/')[0] : '',
        resource: resourceOf(kind),
        verb: 'patch', // what server-side apply needs
        ...(namespace === undefined ? {} : { namespace }),
      };
      return [JSON.stringify(attributes), attributes];
    }),
  );
  const asked = [...wanted.values()].map((resourceAttributes) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  }));
  const list = { apiVersion: 'v1', kind: 'List', items: asked };
  const { items } = await kubectl.json(reviews, ['create', '--filename', '-'], {
    input: JSON.stringify(list),
  });
  const refused = items
    .filter(({ status }) => !status.allowed)
    .map(({ spec: { resourceAttributes: on } }) =>
      on.namespace === undefined ? on.resource : `${on.resource} in ${on.namespace}`,
    );
  if (refused.length === 0) return [];
  return [
    `the context ${kubectl.connection.context} may not write ${refused.join(', ')}: ask whoever runs the cluster for these rights (\`kubectl auth can-i patch ${refused[0]?.split(' ')[0]}\`)`,
  ];
}

function resourceOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('y')) return `${lower.slice(0, -1)}ies`;
  return /(s|ss|x|ch)$/.test(lower) ? `${lower}es` : `${lower}s`;
}

const classes = z.object({
  items: z.array(
    z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }) }),
  ),
});

async function missingStorageClass(
  kubectl: Kubectl,
  objects: readonly KubernetesObject[],
): Promise<string[]> {
  if (!toYaml(objects).includes('"ReadWriteOnce"')) return [];
  const { items } = await kubectl.json(classes, ['get', 'storageclasses']);
  const usual = items.some(
    ({ metadata: { annotations } }) => annotations['storageclass.kubernetes.io/is-default-class'] === 'true',
  );
  if (usual) return [];
  return [
    'the cluster has no default storage class, so that the claims of Postgres, Prometheus and the others would wait for ever: annotate one with storageclass.kubernetes.io/is-default-class=true',
  ];
}

const namespaces = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
    }),
  ),
});

/** Another's namespace of the same name would get our objects, and `make clean` would have to leave them there. */
async function foreignNamespaces(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<string[]> {
  const wanted = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  const { items } = await kubectl.json(namespaces, ['get', 'namespaces']);
  return items
    .filter(({ metadata: { name, labels } }) => wanted.includes(name) && labels[OWN_LABEL] !== OWN)
    .map(
      ({ metadata: { name } }) =>
        `the namespace ${name} is there and is not the lab's: take another cluster, or, if nothing else needs it, \`kubectl delete namespace ${name}\``,
    );
}
