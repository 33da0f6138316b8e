/**
 * Makes what an experiment breaks in a cluster: small objects of its own beside the application, which nobody needs. Each is held by the
 * same rules as the lab's own pods (Pod Security `restricted`, requests and limits).
 */
import type { ClusterObject, ObjectReference } from '../../stack/stack.ts';

/** The ways in which a canary gives trouble. */
export const TROUBLES = ['crash', 'memory', 'image', 'node', 'processor', 'readiness'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Tells what an experiment made, so that nothing else is ever taken away by it. */
export const EXPERIMENT_LABEL = { 'observability-lab/experiment': 'true' } as const;

/** No registry has it, and no network finds it: `.invalid` is reserved for that (RFC 2606). */
const NO_SUCH_IMAGE = 'registry.invalid/observability-lab/no-such-image:1';
/** More than any machine has. */
const NO_SUCH_MEMORY = '64Ti';
const IDLE = 'setInterval(() => {}, 60_000)';

interface Container {
  /** A program in JavaScript: every image of ours has Node.js. */
  program: string;
  image?: string;
  requests?: Readonly<Record<string, string>>;
  limits?: Readonly<Record<string, string>>;
  readinessProbe?: object;
}

const CONTAINERS: Readonly<Record<Trouble, Container>> = {
  crash: { program: 'process.exit(1)' },
  // Full pages, or the kernel would only promise them.
  memory: { program: 'const all = []; setInterval(() => all.push(Buffer.alloc(8 << 20, 1)), 50)' },
  image: { program: IDLE, image: NO_SUCH_IMAGE },
  node: { program: IDLE, requests: { memory: NO_SUCH_MEMORY }, limits: { memory: NO_SUCH_MEMORY } },
  processor: { program: 'for (;;);', limits: { cpu: '50m' } },
  // Nothing listens on this port.
  readiness: { program: IDLE, readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: 1 } },
};

/** Returns the name by which the object of a canary is found: a Deployment where a rollout is what fails, else a pod. */
export function canaryReference(trouble: Trouble): ObjectReference {
  const metadata = { name: `chaos-${trouble}` };
  return trouble === 'readiness'
    ? { apiVersion: 'apps/v1', kind: 'Deployment', metadata }
    : { apiVersion: 'v1', kind: 'Pod', metadata };
}

/**
 * Returns the object of a canary.
 * @param image an image with Node.js that the cluster already has.
 * @param ttlSeconds the time after which the cluster ends a pod by itself. A Deployment has no such time.
 */
export function canary(trouble: Trouble, image: string, ttlSeconds: number): ClusterObject {
  const reference = canaryReference(trouble);
  const labels = { ...EXPERIMENT_LABEL, 'app.kubernetes.io/name': reference.metadata.name };
  const metadata = { ...reference.metadata, labels };
  const spec = podSpec(image, CONTAINERS[trouble]);
  if (reference.kind === 'Pod')
    return { ...reference, metadata, spec: { ...spec, activeDeadlineSeconds: ttlSeconds } };
  return {
    ...reference,
    metadata,
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

/** Returns the spec of a pod with one container that Pod Security `restricted` admits. */
export function podSpec(
  image: string,
  { program, image: ofItsOwn = image, requests, limits, readinessProbe }: Container,
  volume?: { claim: string; mountPath: string },
): object {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'chaos',
        image: ofItsOwn,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '-e', program],
        resources: {
          requests: { cpu: '10m', memory: '64Mi', ...requests },
          limits: { cpu: '500m', memory: '64Mi', ...limits },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        ...(readinessProbe && { readinessProbe }),
        ...(volume && { volumeMounts: [{ name: 'volume', mountPath: volume.mountPath }] }),
      },
    ],
    ...(volume && { volumes: [{ name: 'volume', persistentVolumeClaim: { claimName: volume.claim } }] }),
  };
}
