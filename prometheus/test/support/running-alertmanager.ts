import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { eventually, freePort, temporaryFolder } from '@lab/testing';
import { ROOT, read } from '../../src/repository.ts';
import { findTool, toolRoot } from '../../src/tools/find-tool.ts';

/** What a receiver was sent. */
export interface Delivery {
  path: string;
  body: unknown;
}

export interface RunningAlertmanager extends AsyncDisposable {
  url: string;
  deliveries: readonly Delivery[];
  /** Sends alerts as Prometheus does. */
  send(alerts: readonly object[]): Promise<void>;
}

interface Options {
  /** Changes the configuration's text, for example its waits. */
  change?: (configuration: string) => string;
  /** Which webhook files exist; default: both, leading to the test's own receiver. */
  webhooks?: (receiver: string) => Record<string, string>;
}

/** The repository's Alertmanager configuration, running, with receivers of the test's own. */
export async function startAlertmanager({
  change = (text) => text,
  webhooks = inbox,
}: Options = {}): Promise<RunningAlertmanager> {
  const folder = await temporaryFolder();
  const deliveries: Delivery[] = [];
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = await request.toArray();
    deliveries.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  const receiverUrl = `http://127.0.0.1:${address.port}`;

  const secrets = join(folder.path, 'secrets');
  mkdirSync(secrets);
  for (const [name, url] of Object.entries(webhooks(receiverUrl))) writeFileSync(join(secrets, name), url);
  cpSync(join(ROOT, 'alertmanager/templates'), join(folder.path, 'templates'), { recursive: true });
  const configuration = read('alertmanager/alertmanager.yml')
    .replaceAll('/etc/alertmanager/secrets', secrets)
    .replaceAll('http://console:8000', receiverUrl);
  writeFileSync(join(folder.path, 'alertmanager.yml'), change(configuration));

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = findTool('alertmanager', 'prometheus-alertmanager');
  const child = spawn(
    program,
    [
      `--config.file=${join(folder.path, 'alertmanager.yml')}`,
      `--storage.path=${join(folder.path, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { cwd: toolRoot(program), stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const exited = once(child, 'exit');
  await eventually(`Alertmanager ready; it said: ${output}`, async () => {
    if (child.exitCode !== null) throw new Error(`Alertmanager ended: ${output}`);
    return (await fetch(`${url}/-/ready`)).ok;
  });
  return {
    url,
    deliveries,
    async send(alerts) {
      const answer = await fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      if (!answer.ok)
        throw new Error(`Alertmanager refused the alerts: ${answer.status} ${await answer.text()}`);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      receiver.close();
      receiver.closeAllConnections();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function inbox(receiver: string): Record<string, string> {
  return {
    'slack-alerts-url': `${receiver}/hooks/slack/alerts`,
    'slack-critical-alerts-url': `${receiver}/hooks/slack/critical-alerts`,
  };
}
