/** Runs Prometheus with the cluster's configuration and every rule, as its pod would: the account's token where a pod has it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { query, until } from '@lab/cli';
import { ROOT } from '@lab/manifest';
import { API, type ApiServer } from './control-plane.ts';

/** A pod's own; in the namespace of the measurement nobody else has it. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const URL = 'http://127.0.0.1:9090';

export interface Prometheus {
  /** One value of a query; undefined where there is none. */
  value(expression: string): Promise<number | undefined>;
  /** Its own metrics, those of one name added up. */
  own(): Promise<(name: string) => number>;
  stop(): Promise<void>;
}

export function placeAccount({ certificate }: ApiServer, token: string): void {
  mkdirSync(ACCOUNT, { recursive: true });
  cpSync(certificate, join(ACCOUNT, 'ca.crt'));
  writeFileSync(join(ACCOUNT, 'token'), token, { mode: 0o600 });
  writeFileSync(join(ACCOUNT, 'namespace'), 'monitoring');
}

/** Starts it with nothing stored. @param folder for configuration, data and log. */
export async function startPrometheus(program: string, folder: string): Promise<Prometheus> {
  const own = mkdtempSync(join(folder, 'prometheus-'));
  const from = join(ROOT, 'prometheus');
  cpSync(join(from, 'kubernetes.yml'), join(own, 'prometheus.yml'));
  cpSync(join(from, 'rules'), join(own, 'rules'), { recursive: true });
  cpSync(join(from, 'targets/kubernetes/probes'), join(own, 'targets/probes'), { recursive: true });
  const log = openSync(join(own, 'log'), 'a');
  const child: ChildProcess = spawn(
    program,
    [
      ...['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--enable-feature=exemplar-storage'],
      '--web.listen-address=127.0.0.1:9090',
    ],
    {
      cwd: own,
      env: {
        POD_NAME: 'prometheus-0',
        // As in kubernetes/base/prometheus.yaml.
        GOGC: '40',
        KUBERNETES_SERVICE_HOST: API.host,
        KUBERNETES_SERVICE_PORT: String(API.port),
      },
      stdio: ['ignore', log, log],
    },
  );
  await until(
    'Prometheus to be ready',
    async () => (await fetch(`${URL}/-/ready`).catch(() => undefined))?.ok === true,
    { deadlineMs: 60_000, everyMs: 100 },
  );
  return {
    value: async (expression) => (await query(URL, expression, AbortSignal.timeout(30_000)))[0]?.value,
    async own() {
      const text = await (await fetch(`${URL}/metrics`)).text();
      return (name) =>
        [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce(
          (sum, [, value]) => sum + Number(value),
          0,
        );
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL'); // What it stored is thrown away.
      await ended;
    },
  };
}
