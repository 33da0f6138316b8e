/** Who reaches what in the cluster, and what a program may do there. */
import assert from 'node:assert/strict';
import type { Check, Subject } from '../subject.ts';
import { request } from '../subject.ts';

/** Network plug-ins that enforce policies, by the names of their DaemonSets. */
const ENFORCING = /calico|cilium|kindnet|kube-router|weave|antrea|canal/;

/** From web, which talks to the API and to Jaeger alone. */
const CLOSED = [
  ['postgres.taskmanager', 5432],
  ['toxiproxy.taskmanager', 5432],
  ['elasticsearch.monitoring', 9200],
  ['prometheus.monitoring', 9090],
] as const;

export function walls(subject: Subject): Check[] {
  const { stack, say } = subject;
  const { kubectl } = stack;
  const fromWeb = (host: string, port: number) => {
    const inside = ['exec', '--namespace', 'taskmanager', 'deployment/taskmanager-frontend'];
    const connect = [
      '--container',
      'web',
      '--',
      'timeout',
      '3',
      'bash',
      '-c',
      `exec 3<>/dev/tcp/${host}/${port}`,
    ];
    return kubectl.run([...inside, ...connect]);
  };
  return [
    {
      title: 'web reaches the API, and nothing that it has no business with where policies are enforced',
      async run() {
        await fromWeb('api', 3001);
        const { stdout } = await kubectl.run(['get', 'daemonsets', '--all-namespaces', '--output', 'name']);
        // The node of `make cluster` runs kube-router beside its pods, not in one.
        const isOwn = kubectl.connection.kubeconfig !== undefined;
        if (!isOwn && !ENFORCING.test(stdout))
          return say('        this cluster has no network plug-in that enforces policies: not tried');
        for (const [host, port] of CLOSED) await assert.rejects(fromWeb(host, port), host);
      },
    },
    {
      title:
        'management answers by way of the pod, a fault is switched on and off there, and no Service has that port',
      async run(signal) {
        assert.equal((await stack.management('api', '/readyz')).status, 200);
        const fault = JSON.stringify({ fault: 'error', ratio: 1, ttlSeconds: 60 });
        const answer = await stack.management('api', '/faults', { method: 'PUT', body: fault });
        assert.ok(answer.status < 300, answer.body);
        await assert.rejects(request(subject, signal));
        assert.ok((await stack.management('api', '/faults', { method: 'DELETE' })).status < 300);
        await request(subject, signal);
        const ports = [
          'get',
          'services',
          '--all-namespaces',
          '--output',
          'jsonpath={.items[*].spec.ports[*].port}',
        ];
        const { stdout } = await kubectl.run(ports);
        assert.ok(!stdout.split(' ').includes('9464'), stdout);
      },
    },
    {
      title: 'a secret of .env stands in no ConfigMap and in no manifest that the cluster holds',
      async run() {
        const kinds = 'configmaps,deployments,statefulsets,daemonsets,jobs,services';
        const { stdout } = await kubectl.run(['get', kinds, '--all-namespaces', '--output', 'json'], {
          timeoutMs: 120_000,
        });
        for (const [name, value] of Object.entries(subject.settings.secrets))
          assert.ok(!stdout.includes(value), name);
      },
    },
  ];
}
