/** What the checks look at: the lab under test in its cluster. */
import {
  type KubernetesStack,
  type LabPaths,
  type ProbeRequest,
  type Settings,
  sendProbeRequest,
  until,
} from '@lab/cli';
import { z } from 'zod';
import type { Options } from './options.ts';

export interface Check {
  title: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface Subject {
  stack: KubernetesStack;
  paths: LabPaths;
  settings: Settings;
  options: Options;
  /** What is counted on the way, for docs/figures/kubernetes.json. */
  counts: Record<string, number>;
  /** A line of progress. */
  say(line: string): void;
}

/** For what takes as long as a busy machine takes. */
export const SLOW = { deadlineMs: 180_000, everyMs: 500 };

/** The workloads of the two parts that people's requests pass, in namespace taskmanager. */
export const SERVING = { web: 'deployment/taskmanager-frontend', api: 'deployment/taskmanager-backend' };
export const NAMESPACE = ['--namespace', 'taskmanager'];

const pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
      status: z.object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
        containerStatuses: z.array(z.object({ name: z.string(), restartCount: z.number() })).default([]),
      }),
    }),
  ),
});

/** Returns the pods of a part that are not going away. */
export async function podsOf(
  { stack: { kubectl } }: Pick<Subject, 'stack'>,
  part: string,
): Promise<{ name: string; ready: boolean; restarts: number }[]> {
  const selector = `app.kubernetes.io/name=${part}`;
  const { items } = await kubectl.json(pods, ['get', 'pods', '--all-namespaces', '--selector', selector]);
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata: { name }, status }) => ({
      name,
      ready: status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      restarts: status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    }));
}

export async function untilAllReady({ stack }: Subject, signal: AbortSignal): Promise<void> {
  await until(
    'every part to be ready',
    async () => {
      const late = (await stack.status({ memory: false })).filter(({ state }) => state !== 'ready');
      if (late.length === 0) return true;
      throw new Error(late.map(({ name, state, detail }) => `${name} ${state} ${detail ?? ''}`).join('; '));
    },
    { ...SLOW, deadlineMs: 10 * 60_000, signal },
  );
}

/** Gives web and api so many pods each, and waits until all of them serve. */
export async function scaleServing(subject: Subject, replicas: number, signal: AbortSignal): Promise<void> {
  const { kubectl } = subject.stack;
  await kubectl.run(['scale', `--replicas=${replicas}`, ...NAMESPACE, ...Object.values(SERVING)]);
  await untilAllReady(subject, signal);
  await until(
    `${replicas} pods each of web and api`,
    async () => {
      const counts = await Promise.all(Object.keys(SERVING).map((part) => podsOf(subject, part)));
      return counts.every((each) => each.length === replicas && each.every(({ ready }) => ready));
    },
    { ...SLOW, signal },
  );
}

export function request({ stack, settings }: Subject, signal: AbortSignal): Promise<ProbeRequest> {
  return sendProbeRequest(stack.addresses.web, settings.secrets.SESSION_SECRET, signal);
}
