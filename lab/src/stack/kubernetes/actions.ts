/** Turns what is to be done to a part into commands of kubectl. */
import { CannotRun } from '../../cli/failure.ts';
import type { PartAction } from '../stack.ts';
import type { Workload } from './rendered.ts';

/** A node that no cluster has: a DaemonSet, which knows no number of pods, waits for it while it is stopped. */
const NOWHERE = { 'observability-lab/stopped': 'true' };

/** Returns the command that stops, starts or restarts what runs a part. @throws CannotRun for a job, which ends by itself. */
export function commandOf(
  { kind, name, namespace, part, replicas }: Workload,
  action: Extract<PartAction, 'start' | 'stop' | 'restart'>,
): string[] {
  const on = ['--namespace', namespace, `${kind.toLowerCase()}/${name}`];
  if (kind === 'Job') throw new CannotRun(`${part} is a job: it ends by itself`);
  if (action === 'restart') return ['rollout', 'restart', ...on];
  if (kind !== 'DaemonSet')
    return ['scale', `--replicas=${action === 'stop' ? 0 : Math.max(1, replicas)}`, ...on];
  const nodeSelector = Object.fromEntries(
    Object.entries(NOWHERE).map(([label, value]) => [label, action === 'stop' ? value : null]),
  );
  const patch = { spec: { template: { spec: { nodeSelector } } } };
  return ['patch', ...on, '--type=merge', `--patch=${JSON.stringify(patch)}`];
}

/** Signals to every program of a pod's container. */
export type PodSignal = 'KILL' | 'STOP' | 'CONT';

/**
 * Returns what runs in a container to send a signal to every program in it. The pods share one process namespace, so that none of
 * theirs is process 1, which would ignore it; the shell that sends it is spared.
 */
export function signalling(signal: PodSignal): string[] {
  return ['sh', '-c', `kill -${signal} -1`];
}

/** Returns the command that takes a pod away as a crash of its node would: at once, without asking it to end. */
export function deletionOf(namespace: string, pods: readonly string[]): string[] {
  return ['delete', 'pod', '--namespace', namespace, '--grace-period=0', '--force', '--wait=false', ...pods];
}
