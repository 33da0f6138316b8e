/** Runs etcd and an API server, and nothing else of Kubernetes: objects are kept and watched, and no pod ever runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { until } from '@lab/cli';

/** The address by which the namespace is known to itself; it has no way out. */
const ADDRESS = '10.99.0.1';
export const API = { host: '127.0.0.1', port: 6443 } as const;

export interface ApiServer {
  /** @throws Error with the server's answer where it refuses. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The file with the certificate that the server shows. */
  certificate: string;
}

/** @param folder for keys, data and logs. */
export async function startControlPlane(
  hyperkube: string,
  folder: string,
): Promise<ApiServer & { processes: ChildProcess[] }> {
  const token = randomUUID();
  writeFileSync(join(folder, 'tokens.csv'), `${token},administrator,1,system:masters\n`, { mode: 0o600 });
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  writeFileSync(join(folder, 'accounts.key'), keys.privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'accounts.pub'), keys.publicKey);
  const start = (program: string, args: string[]): ChildProcess => {
    const log = openSync(join(folder, `${program}.log`), 'a');
    return spawn(hyperkube, [program, ...args], { cwd: folder, stdio: ['ignore', log, log] });
  };
  const etcd = start('etcd', [
    ...['--data-dir=etcd', '--unsafe-no-fsync', '--log-level=warn'],
    ...['--listen-client-urls=http://127.0.0.1:2379', '--advertise-client-urls=http://127.0.0.1:2379'],
    ...['--listen-peer-urls=http://127.0.0.1:2380', '--initial-advertise-peer-urls=http://127.0.0.1:2380'],
    '--initial-cluster=default=http://127.0.0.1:2380',
  ]);
  const server = start('kube-apiserver', [
    ...['--etcd-servers=http://127.0.0.1:2379', `--bind-address=${API.host}`, `--secure-port=${API.port}`],
    ...[`--advertise-address=${ADDRESS}`, '--endpoint-reconciler-type=none', '--cert-dir=server'],
    ...[
      '--authorization-mode=RBAC',
      '--token-auth-file=tokens.csv',
      '--disable-admission-plugins=ServiceAccount',
    ],
    '--service-account-issuer=https://kubernetes.default.svc',
    ...['--service-account-key-file=accounts.pub', '--service-account-signing-key-file=accounts.key'],
    '--service-cluster-ip-range=10.96.0.0/16',
  ]);
  const certificate = join(folder, 'server', 'apiserver.crt');
  const api: ApiServer = { certificate, call: (...args) => call(certificate, token, ...args) };
  await until('the API server to be ready', () => api.call('GET', '/readyz'), {
    deadlineMs: 120_000,
    everyMs: 200,
  });
  return { ...api, processes: [server, etcd] };
}

function call(
  certificate: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const kind = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'content-type': kind,
    // Node sends the body of a DELETE without its length, and it would be taken for the next request.
    'content-length': Buffer.byteLength(text ?? ''),
  };
  const outgoing = request({ ...API, ca: readFileSync(certificate), method, path, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const answer = Buffer.concat(chunks).toString();
      if ((response.statusCode ?? 500) < 300) resolve(answer.startsWith('{') ? JSON.parse(answer) : answer);
      else reject(new Error(`${method} ${path}: the API server answered ${response.statusCode}: ${answer}`));
    });
  });
  outgoing.on('error', reject);
  outgoing.end(text);
  return promise;
}
