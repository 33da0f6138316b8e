/** What the accounts in the cluster may do, asked of the API server and tried with a real token. */
import assert from 'node:assert/strict';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import type { Check, Subject } from '../subject.ts';

const ACCOUNT = 'system:serviceaccount:monitoring:prometheus';

/** Verb, resource, further words, and whether Prometheus may. */
const RIGHTS: readonly (readonly [string, string, readonly string[], boolean])[] = [
  ['list', 'pods', ['--namespace', 'taskmanager'], true],
  ['watch', 'pods', ['--namespace', 'monitoring'], true],
  ['list', 'nodes', [], true],
  ['list', 'pods', ['--namespace', 'kube-system'], false],
  ['get', 'secrets', ['--namespace', 'taskmanager'], false],
  ['get', 'secrets', ['--namespace', 'monitoring'], false],
  ['get', 'configmaps', ['--namespace', 'monitoring'], false],
  ['create', 'pods', ['--namespace', 'taskmanager'], false],
  ['create', 'pods/exec', ['--namespace', 'taskmanager'], false],
  ['delete', 'pods', ['--namespace', 'monitoring'], false],
];

/** Method, path, and the status that its token is answered. */
const REQUESTS: readonly (readonly [string, string, number])[] = [
  ['GET', '/api/v1/namespaces/taskmanager/pods?limit=1', 200],
  ['GET', '/api/v1/namespaces/taskmanager/secrets', 403],
  ['GET', '/api/v1/namespaces/kube-system/pods', 403],
  ['POST', '/api/v1/namespaces/monitoring/pods', 403],
  ['DELETE', '/api/v1/namespaces/monitoring/pods/prometheus-0', 403],
];

export function rights({ stack: { kubectl }, counts }: Subject): Check[] {
  return [
    {
      title: "Prometheus' account may read pods and nodes of the lab, and nothing else",
      async run() {
        for (const [verb, resource, place, may] of RIGHTS) {
          const asked = ['auth', 'can-i', verb, resource, ...place, '--as', ACCOUNT];
          const { stdout } = await kubectl.run(asked, { expected: [0, 1] });
          assert.equal(stdout.trim(), may ? 'yes' : 'no', `${verb} ${resource} ${place.join(' ')}`);
        }
        counts['rights_tried'] = RIGHTS.length;
      },
    },
    {
      title: 'requests with its token are answered and refused so',
      async run() {
        const { stdout } = await kubectl.run([
          'create',
          'token',
          'prometheus',
          '--namespace',
          'monitoring',
          '--duration=10m',
        ]);
        const server = await serverOf(kubectl);
        for (const [method, path, status] of REQUESTS)
          assert.equal(await statusOf(server, stdout.trim(), method, path), status, `${method} ${path}`);
      },
    },
    {
      title: 'pods that need no token have none, and a pod with a privilege is refused',
      async run() {
        const inside = ['exec', '--namespace', 'taskmanager', 'deployment/taskmanager-backend'];
        const look = ['--container', 'api', '--', 'ls', '/var/run/secrets/kubernetes.io'];
        await assert.rejects(kubectl.run([...inside, ...look]));
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'privileged', namespace: 'taskmanager' },
          spec: {
            containers: [{ name: 'one', image: 'none', securityContext: { privileged: true } }],
          },
        };
        const input = JSON.stringify(pod);
        await assert.rejects(
          kubectl.run(['create', '--dry-run=server', '--filename', '-'], { input }),
          /violates PodSecurity/,
        );
      },
    },
  ];
}

interface Server {
  url: string;
  authority: string | undefined;
}

const config = z.object({
  clusters: z.tuple([
    z.object({
      cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string().optional() }),
    }),
  ]),
});

async function serverOf(kubectl: Subject['stack']['kubectl']): Promise<Server> {
  const { clusters } = await kubectl.json(config, ['config', 'view', '--minify', '--raw', '--flatten']);
  const { server, 'certificate-authority-data': data } = clusters[0].cluster;
  return { url: server, authority: data && Buffer.from(data, 'base64').toString() };
}

async function statusOf(
  { url, authority }: Server,
  token: string,
  method: string,
  path: string,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const outgoing = httpsRequest(`${url}${path}`, { method, headers, ca: authority }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  outgoing.on('error', reject).end(method === 'POST' ? '{}' : undefined);
  return promise;
}
