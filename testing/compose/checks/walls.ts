/** Who can reach what, and what a program may do: nothing beyond what it needs. */
import assert from 'node:assert/strict';
import { openBeyondLoopback } from '../proofs/beyond-loopback.ts';
import { refusals } from '../proofs/refusals.ts';
import {
  containerId,
  docker,
  inContainer,
  published,
  request,
  type Step,
  type Subject,
  untilPasses,
} from '../subject.ts';

export function walls(subject: Subject): Step[] {
  const { stack, leftOut, counts } = subject;
  return [
    {
      title: 'no program runs as root, holds a capability or can write to its image',
      async run() {
        for (const part of stack.parts) {
          const [{ HostConfig, Config }] = JSON.parse(docker('inspect', containerId(part))) as [
            {
              HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[]; Privileged: boolean };
              Config: { User: string };
            },
          ];
          assert.deepEqual([HostConfig.CapDrop, HostConfig.Privileged], [['ALL'], false], part);
          assert.match(Config.User, /^(?!root\b|0\b).+/, part);
        }
        counts['containers_without_root_and_capabilities'] = stack.parts.length;
        const capabilities = inContainer('api', 'grep', 'CapEff', '/proc/1/status');
        assert.match(capabilities, /CapEff:\s+0+\n/);
        assert.throws(() => inContainer('api', 'sh', '-c', 'echo x > /app/x 2>/dev/null'));
        assert.match(inContainer('api', 'id', '-u'), /^1000\n/);
      },
    },
    {
      title:
        'nothing listens beyond 127.0.0.1: the engine says so, and every connection from outside is refused',
      async run() {
        const all = stack.parts.flatMap(published);
        const beyond = all.filter((address) => !/^127\.0\.0\.1:\d+$/.test(address));
        counts['listeners_published'] = all.length;
        counts['listeners_beyond_loopback'] = beyond.length;
        assert.deepEqual(beyond, []);
        const ports = [...new Set(all.map((address) => Number(address.split(':').at(-1))))];
        const { tried, refused, open } = await openBeyondLoopback(ports);
        counts['connections_tried_beyond_loopback'] = tried;
        counts['connections_refused_beyond_loopback'] = refused;
        assert.deepEqual(open, []);
        assert.equal(refused, tried);
      },
    },
    {
      title: 'web reaches neither Postgres nor Toxiproxy nor Elasticsearch',
      async run() {
        // By address too: a name that is not known is no wall.
        const hosts = [
          ['postgres', 5432],
          ['toxiproxy', 5432],
          ['elasticsearch', 9200],
        ] as const;
        for (const [part, port] of hosts.filter(([each]) => !leftOut.includes(each))) {
          const connect = (host: string) =>
            inContainer('web', 'timeout', '3', 'bash', '-c', `exec 3<>/dev/tcp/${host}/${port}`);
          for (const host of [part, ...addressesOf(part)]) assert.throws(() => connect(host), host);
        }
        inContainer('web', 'timeout', '3', 'bash', '-c', 'exec 3<>/dev/tcp/api/3001');
      },
    },
    {
      title: 'management answers through the container, and a fault is switched on and off there',
      async run(signal) {
        assert.equal((await stack.management('api', '/readyz')).status, 200);
        const fault = JSON.stringify({ fault: 'error', ratio: 1, ttlSeconds: 60 });
        const answer = await stack.management('api', '/faults', { method: 'PUT', body: fault });
        assert.ok(answer.status < 300, answer.body);
        await assert.rejects(request(subject, signal));
        assert.ok((await stack.management('api', '/faults', { method: 'DELETE' })).status < 300);
        await untilPasses(subject, signal);
      },
    },
    {
      title: 'every route but signing up and in refuses who has no session',
      async run(signal) {
        const refused = await refusals(stack.addresses.web, signal);
        counts['routes_tried_unauthorised'] = refused.tried;
        counts['routes_refused_unauthorised'] = refused.tried - refused.answered.length;
        assert.deepEqual(refused.answered, []);
      },
    },
  ];
}

/** A container's addresses in all its networks. */
function addressesOf(part: string): string[] {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  return docker('inspect', '--format', format, containerId(part)).trim().split(' ');
}
