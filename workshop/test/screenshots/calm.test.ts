import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { untilCalm } from '../../src/screenshots/calm.ts';

/** Prometheus as far as it is asked: each answer's alerts in turn, the last one for ever. */
async function prometheus(answers: readonly (readonly Record<string, string>[])[]) {
  let asked = 0;
  const expressions: string[] = [];
  const server = createServer((request, response) => {
    expressions.push(new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '');
    const firing = answers[Math.min(asked++, answers.length - 1)] ?? [];
    const result = firing.map((metric) => ({ metric, value: [0, '1'] }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: { result } }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    expressions,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const LEFT = [{ alertname: 'AlertmanagerNotificationsFailing', service: 'alertmanager' }];

test('what an experiment left behind is waited out, and named once', async () => {
  await using server = await prometheus([LEFT, LEFT, LEFT, []]);
  const said: string[] = [];
  const { signal } = new AbortController();
  const say = (line: string) => said.push(line);
  expect(await untilCalm(server.url, { deadlineMs: 5_000, everyMs: 5, say, signal })).toBeUndefined();
  expect(said).toEqual(['waiting until nothing fires: AlertmanagerNotificationsFailing (alertmanager)']);
});

test('calm has to last where rules were just loaded, and what is pending counts where it is asked for', async () => {
  await using server = await prometheus([[], [{ alertname: 'HighErrorRate', alertstate: 'pending' }], []]);
  const said: string[] = [];
  const { signal } = new AbortController();
  const say = (line: string) => said.push(line);
  const options = { pendingToo: true, heldMs: 30, deadlineMs: 5_000, everyMs: 5, say, signal };
  expect(await untilCalm(server.url, options)).toBeUndefined();
  expect(said).toEqual(['waiting until nothing fires: HighErrorRate (pending)']);
  expect(server.expressions.every((expression) => !expression.includes('firing'))).toBe(true);
});

test('where it goes on firing, the deadline’s answer names it and says where to look', async () => {
  await using server = await prometheus([LEFT]);
  const { signal } = new AbortController();
  const why = await untilCalm(server.url, { deadlineMs: 2_000, everyMs: 10, say: () => undefined, signal });
  expect(why).toContain('AlertmanagerNotificationsFailing (alertmanager)');
  expect(why).toContain('make status');
});

test('an interruption ends the wait', async () => {
  await using server = await prometheus([LEFT]);
  const ending = new AbortController();
  const waiting = untilCalm(server.url, {
    deadlineMs: 60_000,
    say: () => ending.abort(new Error('interrupted')),
    signal: ending.signal,
  });
  await expect(waiting).rejects.toThrow('interrupted');
});
