import { once } from 'node:events';
import { createServer } from 'node:http';
import { scaleAlertmanager, scaleRules } from '@lab/prometheus';
import { eventually, freePort, startConsole } from '@lab/testing';
import { expect, test } from 'vitest';
import { read } from '../../src/repository.ts';
import { startAlertmanager } from '../support/running-alertmanager.ts';
import { startPrometheus } from '../support/running-prometheus.ts';

interface Message {
  channel: string;
  status: string;
  title: string;
  text: string;
  attachments: { text: string; titleLink: string }[];
}

test('a part that goes and comes back: its messages stand in the console’s inbox, firing and resolved, as a person reads them', {
  timeout: 120_000,
}, async () => {
  const port = await freePort();
  const worker = await startTarget(port);
  await using inbox = await startConsole();
  await using alertmanager = await startAlertmanager({
    change: (text) => scaleAlertmanager(text, 60),
    webhooks: () => ({
      'slack-alerts-url': `${inbox.url}/hooks/slack/alerts`,
      'slack-critical-alerts-url': `${inbox.url}/hooks/slack/critical-alerts`,
    }),
  });
  await using prometheus = await startPrometheus({
    rules: { 'parts.yml': scaleRules(read('prometheus/rules/parts.yml'), 10) },
    targets: { 'taskmanager-worker': `127.0.0.1:${port}` },
    alertmanager: new URL(alertmanager.url).host,
  });
  const messages = async (status: string) => {
    const { body } = await inbox.get(`/api/inbox?channel=alerts&status=${status}&q=WorkerDown`);
    return (body as { items: Message[] }).items;
  };
  await eventually('the worker is scraped', async () => {
    const { data } = (await (await fetch(`${prometheus.url}/api/v1/query?query=up==1`)).json()) as {
      data: { result: unknown[] };
    };
    return data.result.length === 1;
  });

  await worker.stop();
  const [firing] = await eventually('the firing message', async () => nonEmpty(await messages('firing')), {
    deadlineMs: 60_000,
  });
  const back = await startTarget(port);
  const [resolved] = await eventually(
    'the resolved message',
    async () => nonEmpty(await messages('resolved')),
    { deadlineMs: 60_000 },
  );
  await back.stop();

  const description = `Worker at 127.0.0.1:${port} has not answered a scrape for 1m (up is 0 or missing, threshold 1).`;
  expect(firing?.title).toBe(`[FIRING:1] WARNING WorkerDown (taskmanager-worker): ${description}`);
  expect(firing?.attachments[0]?.titleLink).toBe('http://127.0.0.1:8000/runbooks/WorkerDown');
  expect(firing?.attachments[0]?.text).toMatch(
    /^\*The worker is down: reminders and notifications wait\*\n.*\nFiring since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\nTime scale 10: the durations named above ran that many times faster\.\n/,
  );
  expect(firing?.attachments[0]?.text).toMatch(/\|Runbook> · .*\|Dashboard> · .*\|Silence> · .*\|Query>/);
  // The address is for templates only: no label of the alert.
  expect(firing?.attachments[0]?.text).not.toContain('console=');
  expect(resolved?.title).toBe(
    `[RESOLVED] WARNING WorkerDown (taskmanager-worker): over. While it fired: ${description}`,
  );
  expect(resolved?.attachments[0]?.text).toMatch(/\nFired .* UTC, resolved .* UTC\n/);
});

async function startTarget(port: number): Promise<{ stop(): Promise<void> }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end('process_start_time_seconds 1\n');
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function nonEmpty<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined;
}
