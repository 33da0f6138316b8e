import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { patiently, temporaryFolder } from '@lab/testing';
import { expect, it } from 'vitest';
import { startBulkEndpoint } from './support/bulk-endpoint.ts';
import { startFollower } from './support/follower.ts';
import { containerLog, LONGEST_PART } from './support/node-logs.ts';

const PATIENCE_MS = 180_000;
const API = {
  pod: 'taskmanager-api-7d9f-x2x',
  uid: '0b1c2d3e-0000-4000-8000-000000000001',
  container: 'api',
};
const WORKER = {
  pod: 'taskmanager-worker-5c-abc',
  uid: '0b1c2d3e-0000-4000-8000-000000000002',
  container: 'worker',
};

/** A line of one of our services, as long as `bytes` asks. */
function line(instance: string, sequence: number, bytes = 0): string {
  return JSON.stringify({
    '@timestamp': '2026-11-29T05:20:19.123Z',
    'log.level': 'info',
    message: `line ${sequence} ${'ä'.repeat(bytes / 2)}`,
    'service.name': 'taskmanager-api',
    'service.instance.id': instance,
    'event.sequence': sequence,
  });
}

it('finds each of 20,000 lines once, over rotations of the kubelet, long lines and a follower killed in between', {
  timeout: PATIENCE_MS,
}, async () => {
  await using folder = await temporaryFolder();
  await using elasticsearch = await startBulkEndpoint();
  const logs = [API, WORKER].map((each) => containerLog(join(folder.path, 'log'), each));
  await using follower = await startFollower({
    folder: folder.path,
    elasticsearchPort: elasticsearch.port,
  });
  const COUNT = 20_000;
  const BATCH = 500;
  for (let sequence = 1; sequence <= COUNT; sequence += 1) {
    for (const [place, log] of logs.entries())
      if (sequence % logs.length === place)
        log.write(line(`process-${place}`, sequence, sequence % 400 === 0 ? 40_000 : 0));
    // Rotated while it follows, and while it is away.
    if (sequence % 3000 === 0) for (const log of logs) log.rotate();
    if (sequence % 5000 === 0) {
      // Some of what was written is in, some is not.
      await patiently('lines to arrive', () => elasticsearch.documents.size > sequence - 5000);
      await follower.kill();
      for (const log of logs) log.rotate();
    }
    if (sequence > 5000 && sequence % 5000 === BATCH) follower.start();
  }
  follower.start();
  await patiently(`${COUNT} lines to arrive`, () => elasticsearch.documents.size >= COUNT);
  const found = [...elasticsearch.documents.values()];
  expect(found.length).toBe(COUNT);
  expect(new Set(found.map((each) => each['event.sequence'])).size).toBe(COUNT);
  expect(follower.rejected()).toEqual([]);
  const long = found.filter((each) => String(each['message']).length > LONGEST_PART);
  expect(long.length).toBe(COUNT / 400);
});

it('puts a line together of which the kubelet rotates one part away, though it is killed between the parts', {
  timeout: PATIENCE_MS,
}, async () => {
  await using folder = await temporaryFolder();
  await using elasticsearch = await startBulkEndpoint();
  const log = containerLog(join(folder.path, 'log'), API);
  await using follower = await startFollower({ folder: folder.path, elasticsearchPort: elasticsearch.port });
  log.write(line('process', 1));
  log.write(line('process', 2, 40_000), { parts: 1 });
  await patiently('the line before to arrive', () => elasticsearch.documents.size === 1);
  await follower.kill();
  log.rotate();
  log.finish();
  log.write(line('process', 3));
  follower.start();
  await patiently('the three lines to arrive', () => elasticsearch.documents.size === 3);
  expect(String(elasticsearch.documents.get('process-2')?.['message'])).toBe(`line 2 ${'ä'.repeat(20_000)}`);
  expect(follower.rejected()).toEqual([]);
});

it('says which pod wrote a line, with the labels that the API server knows', {
  timeout: PATIENCE_MS,
}, async () => {
  await using folder = await temporaryFolder();
  await using elasticsearch = await startBulkEndpoint();
  await using server = await startApiServer(folder.path);
  containerLog(join(folder.path, 'log'), API).write(line('process', 1));
  await using _follower = await startFollower({
    folder: folder.path,
    elasticsearchPort: elasticsearch.port,
    environment: {
      K8S_NODE_NAME: 'node-1',
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(server.port),
      KUBERNETES_ACCOUNT_DIR: server.account,
    },
  });
  await patiently('the line to arrive', () => elasticsearch.documents.size === 1);
  expect(elasticsearch.documents.get('process-1')).toMatchObject({
    'orchestrator.type': 'kubernetes',
    'kubernetes.namespace': 'taskmanager',
    'kubernetes.pod.name': API.pod,
    'kubernetes.pod.uid': API.uid,
    'kubernetes.container.name': 'api',
    'kubernetes.node.name': 'node-1',
    'kubernetes.labels': { 'app.kubernetes.io/name': 'api' },
    'service.name': 'taskmanager-api',
  });
  expect(server.asked).toEqual([`/api/v1/namespaces/taskmanager/pods/${API.pod} Bearer secret`]);
});

it('indexes text that is no JSON as a message, and puts aside what no runtime framed', {
  timeout: PATIENCE_MS,
}, async () => {
  await using folder = await temporaryFolder();
  await using elasticsearch = await startBulkEndpoint();
  const log = containerLog(join(folder.path, 'log'), API);
  log.write('TypeError: cannot read', { stream: 'stderr' });
  log.writeRaw('{"log":"of another runtime"}\n');
  await using follower = await startFollower({ folder: folder.path, elasticsearchPort: elasticsearch.port });
  await patiently(
    'both lines to be dealt with',
    () => elasticsearch.documents.size + follower.rejected().length === 2,
  );
  expect([...elasticsearch.documents.values()]).toMatchObject([
    {
      '@timestamp': '2026-11-29T05:20:19.123456789Z',
      'log.level': 'error',
      message: 'TypeError: cannot read',
      'service.name': 'api',
    },
  ]);
  expect(follower.rejected()[0]).toContain('no CRI line: {');
});

/** An API server that knows the labels of every pod, and the account that a pod would have for it. */
async function startApiServer(folder: string) {
  const account = join(folder, 'account');
  mkdirSync(account);
  const key = join(folder, 'key.pem');
  const certificate = join(account, 'ca.crt');
  const self = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=api'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...self, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  writeFileSync(join(account, 'token'), 'secret');
  const asked: string[] = [];
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`);
      response.end(JSON.stringify({ metadata: { labels: { 'app.kubernetes.io/name': 'api' } } }));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    account,
    asked,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
