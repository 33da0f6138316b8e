/** What has to hold of the running containers, in the order in which it is tried. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { sendProbeRequest } from '../../lab/src/readiness/probe-request.ts';
import { query } from '../../lab/src/readiness/prometheus-client.ts';
import type { Settings } from '../../lab/src/settings/settings.ts';
import type { FullStack } from '../../lab/src/stack/full/stack.ts';
import type { PartReport } from '../../lab/src/stack/stack.ts';
import { until } from '../../lab/src/wait.ts';
import { createTaskClient } from '../src/task-client.ts';
import { proveLogLines } from './proofs/log-lines.ts';
import { refusals } from './proofs/refusals.ts';
import { secretsFound } from './proofs/secrets.ts';
import { proveWritesAndJobs } from './proofs/writes-and-jobs.ts';

interface Check {
  title: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface Subject {
  stack: FullStack;
  settings: Settings;
  leftOut: readonly string[];
  /** What is counted on the way, for docs/figures/verification.json. */
  counts: Record<string, number>;
  /** How many log lines and writes the counted proofs make; 0 leaves one out. */
  lines: number;
  writes: number;
}

const SLOW = { deadlineMs: 120_000, everyMs: 500 };

export function checks({ stack, settings, leftOut, counts, lines, writes }: Subject): Check[] {
  const request = (signal: AbortSignal) =>
    sendProbeRequest(stack.addresses.web, settings.secrets.SESSION_SECRET, signal);
  const report = async (part: string): Promise<PartReport> => {
    const found = (await stack.status()).find(({ name }) => name === part);
    assert(found, `${part} has no container`);
    return found;
  };
  const ready = (part: string, signal: AbortSignal) =>
    until(`${part} to be ready`, async () => (await report(part)).state === 'ready', { ...SLOW, signal });
  const passes = (signal: AbortSignal) => until('a request to pass', request, { ...SLOW, signal });
  const inContainer = (part: string, ...command: string[]) =>
    execFileSync('docker', ['exec', containerId(part), ...command], { encoding: 'utf8', stdio: 'pipe' });

  const list: (Check & { needs?: string[]; skip?: boolean })[] = [
    {
      title: 'a request through web is counted by Prometheus and logged by web and api',
      async run(signal) {
        const { requestId, sentAt } = await passes(signal);
        await until(
          'the metric',
          async (bounded) => {
            const series =
              'http_requests_total{job="taskmanager-backend",route="/api/v1/tasks",status_code="200"}';
            const [last] = await query(stack.addresses.prometheus, `max(timestamp(${series}))`, bounded);
            return last !== undefined && last.value >= sentAt;
          },
          { ...SLOW, signal },
        );
        await until(
          'its lines in the volume that Fluentd follows',
          () => {
            const lines = inContainer('api', 'sh', '-c', `grep -h ${requestId} /var/log/taskmanager/*.log`);
            return ['taskmanager-web', 'taskmanager-api'].every((name) =>
              lines.includes(`"service.name":"${name}"`),
            );
          },
          { ...SLOW, signal },
        );
      },
    },
    {
      title: 'the log line is in Elasticsearch and the trace in Jaeger',
      needs: ['elasticsearch', 'fluentd', 'jaeger'],
      async run(signal) {
        const { requestId } = await passes(signal);
        await until(
          'the lines',
          async (bounded) => (await stack.logsOfRequest(requestId, bounded)).length >= 2,
          {
            ...SLOW,
            signal,
          },
        );
        await until(
          'the trace',
          async (bounded) =>
            (await stack.tracesOfRequest(requestId, bounded)).some(({ services }) =>
              ['taskmanager-web', 'taskmanager-api'].every((name) => services.includes(name)),
            ),
          {
            ...SLOW,
            signal,
          },
        );
      },
    },
    {
      title: 'every part that runs is scraped',
      async run(signal) {
        await until(
          'all targets up',
          async (bounded) => {
            const down = (await query(stack.addresses.prometheus, 'up == 0', bounded))
              .map(({ labels }) => String(labels['instance']).split(':')[0] ?? '')
              .filter((part) => !leftOut.includes(part));
            assert.deepEqual(down, []);
            const up = await query(stack.addresses.prometheus, 'count(up == 1)', bounded);
            return (up[0]?.value ?? 0) >= stack.parts.length;
          },
          { ...SLOW, signal },
        );
      },
    },
    {
      title: 'no program runs as root, holds a capability or can write to its image',
      async run() {
        for (const part of stack.parts) {
          const status = execFileSync('docker', ['inspect', containerId(part)], { encoding: 'utf8' });
          const [{ HostConfig, Config }] = JSON.parse(status) as [
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
      title: 'nothing listens beyond 127.0.0.1',
      async run() {
        const published = stack.parts.flatMap((part) =>
          execFileSync('docker', ['port', containerId(part)], { encoding: 'utf8' })
            .split('\n')
            .filter((line) => line !== ''),
        );
        const beyond = published.filter((line) => !/ -> 127\.0\.0\.1:\d+$/.test(line));
        counts['listeners_published'] = published.length;
        counts['listeners_beyond_loopback'] = beyond.length;
        assert.deepEqual(beyond, []);
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
        await assert.rejects(request(signal));
        assert.ok((await stack.management('api', '/faults', { method: 'DELETE' })).status < 300);
        await passes(signal);
      },
    },
    {
      title: 'a paused database costs quick refusals, and nothing that was acknowledged',
      async run(signal) {
        using client = createTaskClient(stack.addresses.web);
        await client.signUp();
        const written = await client.call('POST', '/tasks', { json: { title: 'written before the pause' } });
        assert.equal(written.status, 201);
        await stack.pausePart('postgres');
        assert.equal((await report('postgres')).state, 'paused');
        await assert.rejects(request(signal));
        await stack.resumePart('postgres');
        await passes(signal);
        const { items } = (await client.call('GET', '/tasks')).body as { items: { title: string }[] };
        assert.deepEqual(
          items.map(({ title }) => title),
          ['written before the pause'],
        );
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
    {
      title: 'no acknowledged write is lost and no job done twice, with api, worker and Postgres killed',
      skip: writes === 0,
      async run(signal) {
        const found = await proveWritesAndJobs(stack, settings, writes, signal);
        Object.assign(counts, found);
        assert.equal(found.writes_found, found.writes_acknowledged);
        assert.equal(found.jobs_done_once, found.jobs_enqueued);
      },
    },
    {
      title: 'no log line is lost or doubled, with Elasticsearch and the shipper stopped in turn',
      needs: ['elasticsearch', 'fluentd'],
      skip: lines === 0,
      async run(signal) {
        const elasticsearch = `http://127.0.0.1:${settings.ports.ELASTICSEARCH_PORT}`;
        const found = await proveLogLines(
          { stack, container: containerId('api'), elasticsearch },
          lines,
          signal,
        );
        Object.assign(counts, found);
        assert.deepEqual([found.log_lines_found, found.log_lines_doubled], [found.log_lines_written, 0]);
      },
    },
    ...[
      'api',
      'worker',
      'web',
      'prometheus',
      'postgres',
      'toxiproxy',
      'elasticsearch',
      'fluentd',
      'jaeger',
    ].map((part) => ({
      title: `${part}, killed with SIGKILL, is started again and the application goes on`,
      needs: [part],
      async run(signal: AbortSignal) {
        const { since } = await report(part);
        await stack.killPart(part);
        await until(`${part} to be started again`, async () => (await report(part)).since !== since, {
          ...SLOW,
          signal,
        });
        await ready(part, signal);
        await passes(signal);
      },
    })),
    {
      title: 'the application goes on without the parts that watch it',
      async run(signal) {
        const watchers = [
          ...['console', 'alertmanager', 'prometheus', 'blackbox-exporter', 'postgres-exporter'],
          ...['elasticsearch', 'fluentd', 'jaeger'].filter((part) => stack.parts.includes(part)),
        ];
        for (const part of watchers) await stack.stopPart(part);
        await request(signal);
        for (const part of watchers) await stack.startPart(part);
        for (const part of watchers) await ready(part, signal);
      },
    },
    {
      title: 'edited configuration is loaded into the running containers',
      async run() {
        await stack.loadConfiguration();
      },
    },
    {
      title: 'a second start changes nothing',
      async run(signal) {
        assert.deepEqual(await stack.start({ progress: () => undefined, signal }), { changed: false });
      },
    },
    {
      title: 'no generated secret stands in an image of ours, a log or a trace',
      async run(signal) {
        Object.assign(counts, await secretsFound(stack, settings, containerId, signal));
        assert.deepEqual(
          ['images', 'logs', 'traces'].map((where) => counts[`secrets_in_${where}`]),
          [0, 0, 0],
        );
      },
    },
    {
      title: 'no container was killed for memory',
      async run() {
        const killed = stack.parts.filter((part) => {
          const format = '{{.State.OOMKilled}}';
          return /true/.test(String(execFileSync('docker', ['inspect', '-f', format, containerId(part)])));
        });
        counts['oom_kills'] = killed.length;
        assert.deepEqual(killed, []);
      },
    },
  ];
  return list.filter(
    ({ needs = [], skip = false }) => !skip && !needs.some((part) => leftOut.includes(part)),
  );
}

/** Its addresses in all its networks. */
function addressesOf(part: string): string[] {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  const output = execFileSync('docker', ['inspect', '--format', format, containerId(part)], {
    encoding: 'utf8',
  });
  return output.trim().split(' ');
}

function containerId(part: string): string {
  const project = process.env['COMPOSE_PROJECT_NAME'] ?? '';
  const filters = [`label=com.docker.compose.project=${project}`, `label=com.docker.compose.service=${part}`];
  const args = ['ps', '--all', '--quiet', ...filters.flatMap((filter) => ['--filter', filter])];
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}
