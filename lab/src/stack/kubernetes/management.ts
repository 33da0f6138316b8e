/**
 * Requests to a management port, which no Service publishes: by a port-forward to the pod for as long as one request takes. The way
 * through the API server (`/pods/…/proxy`) will not do: it takes every Authorization header for its own and passes none on.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { CannotRun } from '../../cli/failure.ts';
import type { managementInit } from '../management.ts';
import type { ManagementAnswer } from '../stack.ts';
import type { Kubectl } from './kubectl.ts';

const FORWARD_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 10_000;

export interface ManagedPod {
  namespace: string;
  name: string;
}

/** @throws Error with kubectl's words where the pod cannot be reached, or where it does not answer. */
export async function managePod(
  kubectl: Kubectl,
  { namespace, name }: ManagedPod,
  port: number,
  path: string,
  init: ReturnType<typeof managementInit>,
): Promise<ManagementAnswer> {
  const ended = new AbortController();
  const args = [
    'port-forward',
    '--namespace',
    namespace,
    '--address',
    '127.0.0.1',
    `pod/${name}`,
    `:${port}`,
  ];
  const child = execa(kubectl.connection.kubectl, kubectl.arguments(args), {
    stdin: 'ignore',
    reject: false,
    cancelSignal: ended.signal,
  });
  const failed = child.then(({ stderr }) => {
    throw new CannotRun(`the pod ${name} cannot be reached: ${stderr.trim().split('\n').at(-1)}`);
  });
  // It ends in any case; where it had a port before, that is no failure.
  failed.catch(() => undefined);
  try {
    const local = await Promise.race([localPortOf(child.stdout), failed]);
    const response = await fetch(`http://127.0.0.1:${local}${path}`, {
      ...init,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    return { status: response.status, body: await response.text() };
  } finally {
    ended.abort();
    await child;
  }
}

/** kubectl says which port it took: `Forwarding from 127.0.0.1:40123 -> 9464`. */
async function localPortOf(output: NodeJS.ReadableStream): Promise<number> {
  const lines = createInterface({ input: output });
  const [line] = (await once(lines, 'line', { signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS) })) as [string];
  const [, port] = /127\.0\.0\.1:(\d+) ->/.exec(line) ?? [];
  if (port === undefined)
    throw new Error(`expected kubectl to name a local port, got ${JSON.stringify(line)}`);
  return Number(port);
}

/** Puts the answers of several pods into one: the worst status, and each pod's own words where there is more than one. */
export function combined(answers: readonly { pod: string; answer: ManagementAnswer }[]): ManagementAnswer {
  const [first] = answers;
  if (!first) throw new CannotRun('no pod of it is there to be asked');
  if (answers.length === 1) return first.answer;
  return {
    status: Math.max(...answers.map(({ answer }) => answer.status)),
    body: answers.map(({ pod, answer }) => `${pod}: ${answer.body}`).join('\n'),
  };
}
