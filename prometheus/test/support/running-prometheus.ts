import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort, temporaryFolder } from '@lab/testing';
import { parse, stringify } from 'yaml';
import { read } from '../../src/repository.ts';
import { findTool, toolRoot } from '../../src/tools/find-tool.ts';

export interface PrometheusOptions {
  /** Rules by file name. */
  rules: Readonly<Record<string, string>>;
  /** `host:port` by job. */
  targets: Readonly<Record<string, string>>;
  /** Where alerts are sent, `host:port`. */
  alertmanager: string;
}

/** A Prometheus that scrapes and evaluates every second. */
export async function startPrometheus({
  rules,
  targets,
  alertmanager,
}: PrometheusOptions): Promise<AsyncDisposable & { url: string }> {
  const folder = await temporaryFolder();
  mkdirSync(join(folder.path, 'rules'));
  for (const [name, text] of Object.entries(rules)) writeFileSync(join(folder.path, 'rules', name), text);
  // Links and the labels of alerts as the lab has them.
  const { global, alerting } = parse(read('prometheus/prometheus.yml')) as {
    global: { external_labels: object };
    alerting: { alert_relabel_configs: object[] };
  };
  const configuration = {
    global: {
      scrape_interval: '1s',
      scrape_timeout: '800ms',
      evaluation_interval: '1s',
      external_labels: global.external_labels,
    },
    rule_files: ['rules/*.yml'],
    alerting: {
      alert_relabel_configs: alerting.alert_relabel_configs,
      alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }],
    },
    scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  };
  writeFileSync(join(folder.path, 'prometheus.yml'), stringify(configuration));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = findTool('prometheus');
  const child = spawn(
    program,
    [
      `--config.file=${join(folder.path, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder.path, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { cwd: toolRoot(program), stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  await eventually('Prometheus ready', async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      await folder[Symbol.asyncDispose]();
    },
  };
}
