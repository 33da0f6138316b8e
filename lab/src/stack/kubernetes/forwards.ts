/** The ways from this machine to the parts: `kubectl port-forward`, one for each port that compose.yaml publishes, on loopback only. */
import { connect } from 'node:net';
import type { Manifest } from '@lab/manifest';
import type { Settings } from '../../settings/settings.ts';
import type { Part } from '../../supervisor/part.ts';
import { localPort } from '../addresses.ts';
import { type Connection, Kubectl } from './kubectl.ts';
import type { KubernetesObject } from './rendered.ts';

export interface Forward {
  part: string;
  namespace: string;
  service: string;
  /** Port of this machine. */
  local: number;
  /** Port of the Service. */
  port: number;
}

/** A way that breaks at once was none. */
const BREAKS_WITHIN_MS = 250;

/** Returns the ways to those parts that have a Service; sorted as compose.yaml has the parts. */
export function forwardsOf(
  objects: readonly KubernetesObject[],
  manifest: Manifest,
  settings: Settings,
): Forward[] {
  const services = objects.filter(({ kind }) => kind === 'Service');
  return manifest.ports
    .filter(({ published }) => published)
    .flatMap(({ part, inside }) => {
      const service = services.find(
        ({ metadata, spec }) => metadata.name === part && spec?.ports?.some(({ port }) => port === inside),
      );
      const local = localPort(manifest, settings, part, inside);
      if (!service || local === undefined) return [];
      const { name, namespace = 'default' } = service.metadata;
      return [{ part, namespace, service: name, local, port: inside }];
    });
}

/** Returns the name under which the supervisor knows a way. */
export function nameOf({ part, port }: Pick<Forward, 'part' | 'port'>): string {
  return `forward-${part}-${port}`;
}

/** Returns what the supervisor runs and starts again: a way ends when the pod that it led to goes. */
export function forwardPart(
  connection: Connection,
  forward: Forward,
  environment: NodeJS.ProcessEnv,
  mark: Readonly<Record<string, string>>,
): Part {
  const { namespace, service, local, port } = forward;
  const args = ['port-forward', '--namespace', namespace, '--address', '127.0.0.1'];
  return {
    name: nameOf(forward),
    dependsOn: [],
    prepare: () => ({
      command: connection.kubectl,
      args: new Kubectl(connection).arguments([...args, `service/${service}`, `${local}:${port}`]),
      cwd: '/',
      env: { ...kubectlEnvironment(environment), ...mark },
    }),
    isReady: (signal) => leadsSomewhere(local, signal),
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 3_000,
  };
}

/** kubectl's credentials may come from programs of the person's own, which need a home and a path. */
function kubectlEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Tells whether a connection stays open or is answered. kubectl itself listens before it has reached a pod, and closes what fails. */
export async function leadsSomewhere(port: number, signal?: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: '127.0.0.1', port });
  const abort = () => resolve(false);
  signal?.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  socket.once('connect', () => {
    timer = setTimeout(resolve, BREAKS_WITHIN_MS, true);
  });
  socket.once('data', () => resolve(true));
  socket.once('close', () => resolve(false));
  socket.once('error', () => resolve(false));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    socket.destroy();
  }
}
