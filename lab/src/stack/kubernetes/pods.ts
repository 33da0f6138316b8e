/** What the cluster says of the lab's workloads and their pods. */
import { z } from 'zod';
import type { PartReport } from '../stack.ts';
import type { Kubectl } from './kubectl.ts';
import { NAME_LABEL, PART_OF, type Workload, type WorkloadKind } from './rendered.ts';

const terminated = z.object({
  reason: z.string().optional(),
  exitCode: z.number(),
  message: z.string().optional(),
});
const containerState = z.object({
  waiting: z.object({ reason: z.string().default(''), message: z.string().optional() }).optional(),
  running: z.object({ startedAt: z.string() }).optional(),
  terminated: terminated.optional(),
});
const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.number(),
  containerID: z.string().optional(),
  state: containerState.default({}),
  lastState: containerState.default({}),
});
const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
const metadata = z.object({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  /** Counts what was asked of an object; a pod has none. */
  generation: z.number().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().optional(),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
});
const item = z.object({
  kind: z.string(),
  metadata,
  spec: z.object({ replicas: z.number().optional(), nodeName: z.string().optional() }).default({}),
  status: z
    .object({
      phase: z.string().optional(),
      podIP: z.string().optional(),
      conditions: z.array(condition).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
      containerStatuses: z.array(containerStatus).default([]),
      desiredNumberScheduled: z.number().optional(),
      updatedReplicas: z.number().optional(),
      updatedNumberScheduled: z.number().optional(),
      observedGeneration: z.number().optional(),
    })
    .default({ conditions: [], initContainerStatuses: [], containerStatuses: [] }),
});

export type ClusterItem = z.infer<typeof item>;
export type Pod = ClusterItem;

/** A workload as it stands, with its pods; those that are going away are left out. */
export interface Standing {
  workload: ClusterItem;
  pods: readonly Pod[];
}

export const list = z.object({ items: z.array(item) });

/** Note on a pod: the container that was frozen, by its id. One that the kubelet started anew is frozen no longer. */
export const FROZEN = 'observability-lab/frozen';

const KINDS: Readonly<Record<WorkloadKind, string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Job: 'jobs',
};

/** Reads workloads and pods of the lab in all its namespaces, in one question. */
export async function readStandings(kubectl: Kubectl): Promise<Map<string, Standing>> {
  const kinds = [...Object.values(KINDS), 'pods'].join(',');
  return standingsOf(await kubectl.json(list, ['get', kinds, '--all-namespaces', '--selector', PART_OF]));
}

/** Puts each pod to the workload that made it. */
export function standingsOf({ items }: z.infer<typeof list>): Map<string, Standing> {
  const pods = items.filter(
    ({ kind, metadata: { deletionTimestamp } }) => kind === 'Pod' && deletionTimestamp === undefined,
  );
  return new Map(
    items
      .filter(({ kind }) => kind in KINDS)
      .map((workload) => [
        keyOf(workload.kind, workload.metadata.namespace, workload.metadata.name),
        { workload, pods: pods.filter((pod) => belongs(pod, workload)) },
      ]),
  );
}

export function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

/** A canary of an experiment has the part's image, not its label's owner: what owns a pod decides. */
function belongs(
  { metadata: pod }: Pod,
  { kind, metadata: { name, namespace, labels } }: ClusterItem,
): boolean {
  if (pod.namespace !== namespace || pod.labels[NAME_LABEL] !== labels[NAME_LABEL]) return false;
  return pod.ownerReferences.some((owner) =>
    kind === 'Deployment'
      ? owner.kind === 'ReplicaSet' && owner.name.startsWith(`${name}-`)
      : owner.kind === kind && owner.name === name,
  );
}

type Report = Omit<PartReport, 'memoryBytes' | 'url'>;

/** Describes a part by its workload and pods. @param standing undefined: the cluster has no such workload. */
export function describePart({ part, kind }: Workload, standing: Standing | undefined): Report | undefined {
  if (!standing) return undefined;
  const { workload, pods } = standing;
  const report = (state: Report['state'], detail?: string): Report => ({
    name: part,
    state,
    since: newestStart(pods) ?? workload.metadata.creationTimestamp,
    restarts: pods
      .flatMap(({ status }) => status.containerStatuses)
      .reduce((sum, { restartCount }) => sum + restartCount, 0),
    detail,
  });
  if (kind === 'Job') return report(...stateOfJob(standing));
  const wanted = workload.spec.replicas ?? workload.status.desiredNumberScheduled ?? 1;
  if (wanted === 0) return report('stopped');
  const frozen = pods.filter(isFrozen);
  if (frozen.length > 0) return report('paused', 'frozen');
  const refusal = workload.status.conditions.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  if (refusal) return report('failed', firstLine(refusal.message ?? 'its pods are refused'));
  const troubled = pods.map(stateOfPod).find(([state]) => state !== 'ready');
  if (troubled) return report(...troubled);
  const late = lateness(workload, wanted);
  if (late !== undefined) return report('starting', late);
  if (pods.length < wanted) return report('starting', `${pods.length} of ${wanted} pods are there`);
  return report('ready');
}

/** Says what of the last change the cluster has not done yet; the pods of before are ready all the while. */
function lateness({ metadata: { generation }, status }: ClusterItem, wanted: number): string | undefined {
  if (generation === undefined) return undefined;
  if ((status.observedGeneration ?? 0) < generation) return 'the cluster has not taken note of it yet';
  const updated = status.updatedReplicas ?? status.updatedNumberScheduled ?? 0;
  return updated < wanted ? `${updated} of ${wanted} pods are of the last change` : undefined;
}

function stateOfJob({ workload, pods }: Standing): [Report['state'], string?] {
  const holds = (wanted: string) =>
    workload.status.conditions.find(({ type, status }) => type === wanted && status === 'True');
  if (holds('Complete')) return ['ready'];
  const failed = holds('Failed');
  if (failed) return ['failed', firstLine(failed.message ?? 'the job failed')];
  const troubled = pods.map(stateOfPod).find(([state]) => state === 'failed' || state === 'back-off');
  return troubled ?? ['starting', 'at work'];
}

/** Reasons for which a container does not start, however long one waits. */
const HOPELESS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
];

function stateOfPod({ status }: Pod): [Report['state'], string?] {
  const containers = [...status.initContainerStatuses, ...status.containerStatuses];
  for (const { name, state, lastState } of containers) {
    const { waiting } = state;
    if (waiting && HOPELESS.includes(waiting.reason))
      return [
        'failed',
        `${waiting.reason}: ${firstLine(waiting.message ?? `container ${name} cannot start`)}`,
      ];
    if (waiting?.reason === 'CrashLoopBackOff') return ['back-off', describeEnd(lastState.terminated)];
  }
  const unscheduled = status.conditions.find(
    ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
  );
  if (unscheduled) return ['waiting', firstLine(unscheduled.message ?? 'no node takes its pod')];
  const ready = status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  if (ready) return ['ready'];
  const waits = status.initContainerStatuses.find(({ state }) => state.running || state.waiting);
  if (waits) return ['starting', `its init container ${waits.name} is at work`];
  const ended = status.containerStatuses.find(({ lastState }) => lastState.terminated)?.lastState.terminated;
  return ['starting', ended ? describeEnd(ended) : 'its readiness probe has not passed yet'];
}

function describeEnd(end: z.infer<typeof terminated> | undefined): string {
  if (end?.reason === 'OOMKilled') return 'was killed for using more memory than its limit';
  return end ? `ended with ${end.exitCode}${end.message ? `: ${firstLine(end.message)}` : ''}` : 'ended';
}

/** Returns the id of a pod's main container in the runtime, without the runtime's name. */
export function containerIdOf({ metadata, status }: Pod): string | undefined {
  const main =
    status.containerStatuses.find(({ name }) => name === metadata.labels[NAME_LABEL]) ??
    status.containerStatuses[0];
  return main?.containerID?.replace(/^[a-z-]+:\/\//, '');
}

export function isFrozen(pod: Pod): boolean {
  const note = pod.metadata.annotations[FROZEN];
  return note !== undefined && note === containerIdOf(pod);
}

function newestStart(pods: readonly Pod[]): string | undefined {
  return pods
    .flatMap(({ status }) => status.containerStatuses)
    .flatMap(({ state }) => state.running?.startedAt ?? [])
    .sort()
    .at(-1);
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 300);
}

const summary = z.object({
  pods: z
    .array(
      z.object({
        podRef: z.object({ name: z.string(), namespace: z.string() }),
        memory: z.object({ workingSetBytes: z.number().optional() }).optional(),
      }),
    )
    .nullish(),
});

/** Returns the memory in use by pod (`namespace/name`), bytes, as each node's kubelet reports it; nothing of a node that refuses. */
export async function readMemory(kubectl: Kubectl, pods: readonly Pod[]): Promise<Map<string, number>> {
  const nodes = [...new Set(pods.flatMap(({ spec }) => spec.nodeName ?? []))];
  const reports = await Promise.all(
    nodes.map((node) =>
      kubectl.run(['get', '--raw', `/api/v1/nodes/${node}/proxy/stats/summary`]).then(
        ({ stdout }) => summary.parse(JSON.parse(stdout)).pods ?? [],
        // The right to ask a node is one that few have: memory is then not known.
        () => [],
      ),
    ),
  );
  return new Map(
    reports
      .flat()
      .flatMap(({ podRef, memory }) =>
        memory?.workingSetBytes === undefined
          ? []
          : [[`${podRef.namespace}/${podRef.name}`, memory.workingSetBytes] as const],
      ),
  );
}
