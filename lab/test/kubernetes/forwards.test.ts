import { once } from 'node:events';
import { createServer } from 'node:net';
import { readManifest } from '@lab/manifest';
import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../../src/settings/settings.ts';
import { SECRET_NAMES } from '../../src/settings/variables.ts';
import { forwardPart, forwardsOf, leadsSomewhere, nameOf } from '../../src/stack/kubernetes/forwards.ts';
import { objectsOf, withPorts, workloadsOf } from '../../src/stack/kubernetes/rendered.ts';

const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, `${name}-0123456789abcdef`]));
const settings = settingsFrom({ ...secrets, WEB_PORT: '18080' });
const manifest = readManifest();

const OBJECTS = objectsOf(`
apiVersion: v1
kind: Service
metadata: { name: web, namespace: taskmanager }
spec: { ports: [{ port: 8080, targetPort: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: jaeger, namespace: monitoring }
spec: { ports: [{ port: 16686 }, { port: 4317 }, { port: 4318 }] }
---
apiVersion: v1
kind: Service
metadata: { name: alertmanager-peers, namespace: monitoring }
spec: { ports: [{ port: 9093 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: prometheus, namespace: monitoring, labels: { app.kubernetes.io/name: prometheus } }
spec:
  replicas: 2
  template:
    spec:
      initContainers: [{ name: wait, image: busybox }]
      containers: [{ name: sidecar, image: other }, { name: prometheus, image: prom/prometheus }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: taskmanager-frontend, namespace: taskmanager, labels: { app.kubernetes.io/name: web } }
spec: { template: { spec: { containers: [{ name: web, image: web }] } } }
`);

describe('the ways to the parts', () => {
  const forwards = forwardsOf(OBJECTS, manifest, settings);

  it('lead from the ports that .env chose to those Services that compose.yaml publishes a port of', () => {
    expect(forwards).toEqual([
      { part: 'web', namespace: 'taskmanager', service: 'web', local: 18_080, port: 8080 },
      { part: 'jaeger', namespace: 'monitoring', service: 'jaeger', local: 16_686, port: 16_686 },
      { part: 'jaeger', namespace: 'monitoring', service: 'jaeger', local: 4318, port: 4318 },
    ]);
    expect(new Set(forwards.map(nameOf)).size).toBe(forwards.length);
  });

  it('are held on loopback by kubectl, with the environment that its credentials may need', async () => {
    const connection = {
      kubectl: '/bin/kubectl',
      kubeconfig: '/lab/kubeconfig',
      context: 'observability-lab',
    };
    const [web] = forwards;
    if (!web) throw new Error('expected a way to web');
    const part = forwardPart(connection, web, { HOME: '/home/one' }, { LAB_STACK: 'id' });
    const { command, args, env } = await part.prepare();
    expect([command, ...args].join(' ')).toBe(
      '/bin/kubectl --kubeconfig /lab/kubeconfig --context observability-lab port-forward --namespace taskmanager --address 127.0.0.1 service/web 18080:8080',
    );
    expect(env).toEqual({ HOME: '/home/one', LAB_STACK: 'id' });
  });
});

describe('a way', () => {
  async function listening(onConnection: (end: () => void) => void) {
    const server = createServer((socket) => onConnection(() => socket.destroy()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port');
    return { port: address.port, [Symbol.dispose]: () => void server.close() };
  }

  it('leads somewhere while its connections stay open', async () => {
    using open = await listening(() => undefined);
    expect(await leadsSomewhere(open.port)).toBe(true);
  });

  it('leads nowhere where they are closed at once, or nobody listens', async () => {
    using closing = await listening((end) => end());
    expect(await leadsSomewhere(closing.port)).toBe(false);
    expect(await leadsSomewhere(1)).toBe(false);
  });
});

it('knows what runs each part, in the order of compose.yaml, with the image of the container of its name', () => {
  expect(workloadsOf(OBJECTS, manifest)).toEqual([
    expect.objectContaining({ part: 'web', kind: 'Deployment', replicas: 1, image: 'web', images: ['web'] }),
    expect.objectContaining({
      part: 'prometheus',
      name: 'prometheus',
      namespace: 'monitoring',
      replicas: 2,
      images: ['busybox', 'other', 'prom/prometheus'],
      image: 'prom/prometheus',
    }),
  ]);
});

it("puts this lab's ports into addresses of this machine, and into nothing else", () => {
  const text = 'http://127.0.0.1:8080/ http://127.0.0.1:9090 http://web:8080 containerPort: 8080';
  expect(withPorts(text, manifest, settings)).toBe(
    'http://127.0.0.1:18080/ http://127.0.0.1:9090 http://web:8080 containerPort: 8080',
  );
});
