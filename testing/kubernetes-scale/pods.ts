/** Pods as objects: the templates of kubernetes/base, running by their status, each with an address that the one target process answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@lab/manifest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { ApiServer } from './control-plane.ts';
import { KINDS, type Kind } from './exposition.ts';

const NAMESPACE = 'taskmanager';
const AT_A_TIME = 16;
/** Every address of it leads to the target process. */
export const POD_NETWORK = '10.201.0.1/16';

const workload = z.object({
  kind: z.literal('Deployment'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({}),
    }),
  }),
});
type Workload = z.infer<typeof workload>;

export interface SimulatedPod {
  kind: Kind;
  ip: string;
}

/** Kinds take turns: a third of the pods each. */
export function simulatedPods(count: number): SimulatedPod[] {
  return Array.from({ length: count }, (_, place) => ({
    kind: KINDS[place % KINDS.length] ?? 'api',
    ip: `10.201.${1 + Math.floor(place / 250)}.${1 + (place % 250)}`,
  }));
}

/** Namespaces and Prometheus' account with its rights, as kubernetes/base has them. @returns the account's token. */
export async function prepareCluster(api: ApiServer): Promise<string> {
  for (const name of ['taskmanager', 'monitoring', 'node-agents'])
    await api.call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const account = '/api/v1/namespaces/monitoring/serviceaccounts';
  for (const document of documents('prometheus')) {
    const object = z
      .object({ kind: z.string(), metadata: z.looseObject({ namespace: z.string().optional() }) })
      .loose()
      .parse(document);
    if (object.kind === 'ServiceAccount') await api.call('POST', account, object);
    if (/^(Cluster)?Role(Binding)?$/.test(object.kind)) {
      const { namespace } = object.metadata;
      const place = namespace === undefined ? '' : `namespaces/${namespace}/`;
      await api.call(
        'POST',
        `/apis/rbac.authorization.k8s.io/v1/${place}${object.kind.toLowerCase()}s`,
        object,
      );
    }
  }
  const made = await api.call('POST', `${account}/prometheus/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 4 * 3600 },
  });
  return z.object({ status: z.object({ token: z.string() }) }).parse(made).status.token;
}

/** Creates them and lets them run. Resolves once the last has its address. */
export async function createPods(api: ApiServer, pods: readonly SimulatedPod[]): Promise<void> {
  const workloads = new Map(KINDS.map((kind) => [kind, workloadOf(kind)]));
  await inTurn(pods, async ({ kind, ip }) => {
    const found = workloads.get(kind);
    if (found === undefined) throw new Error(`kubernetes/base has no Deployment for ${kind}`);
    const { metadata, spec } = found.spec.template;
    const name = `${found.metadata.name}-${ip.replaceAll('.', '-')}`;
    const path = `/api/v1/namespaces/${NAMESPACE}/pods`;
    await api.call('POST', path, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name },
      spec: { ...spec, nodeName: 'node' },
    });
    const conditions = [{ type: 'Ready', status: 'True' }];
    await api.call('PATCH', `${path}/${name}/status`, {
      status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions },
    });
  });
}

/** Takes all of them away at once: no kubelet has to end them first. */
export async function deletePods(api: ApiServer): Promise<void> {
  await api.call('DELETE', `/api/v1/namespaces/${NAMESPACE}/pods`, {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: 0,
  });
}

function workloadOf(kind: Kind): Workload {
  for (const document of documents(kind)) {
    const read = workload.safeParse(document);
    if (read.success) return read.data;
  }
  throw new Error(`kubernetes/base/${kind}.yaml has no Deployment`);
}

function documents(name: string): unknown[] {
  const text = readFileSync(join(ROOT, 'kubernetes', 'base', `${name}.yaml`), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}

async function inTurn<T>(list: readonly T[], step: (each: T) => Promise<void>): Promise<void> {
  const rest = [...list];
  const worker = async () => {
    for (let each = rest.pop(); each !== undefined; each = rest.pop()) await step(each);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}
