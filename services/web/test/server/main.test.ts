import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { eventually, freePort, type Program, startProgram, temporaryFolder } from '@lab/testing';
import { expect, test } from 'vitest';
import { writeBuiltApp } from '../support/asset-fixture.ts';
import { startUpstream } from '../support/web-server.ts';

interface Running extends AsyncDisposable {
  url: string;
  program: Program;
}

/** The real program, as `node --import @lab/telemetry/register src/main.ts`. */
async function startWeb(env: Record<string, string> = {}): Promise<Running> {
  const folder = await temporaryFolder();
  const assets = join(folder.path, 'dist');
  await writeBuiltApp(assets);
  const port = String(await freePort());
  const program = await startProgram({
    name: 'taskmanager-web',
    folder: 'web',
    logFolder: folder.path,
    env: { PORT: port, ASSETS_FOLDER: assets, ...env },
  });
  return {
    url: `http://127.0.0.1:${port}`,
    program,
    async [Symbol.asyncDispose]() {
      await program.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('SIGTERM lets what is under way finish, takes nothing new, and ends with 0', async () => {
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  await using upstream = await startUpstream(async (incoming, response) => {
    response.write('first');
    begun.resolve();
    let size = 0;
    for await (const part of incoming) size += part.length;
    await finish.promise;
    response.end(`, then ${size} bytes`);
  });
  await using web = await startWeb({ API_URL: upstream.url });
  await web.program.ready();
  const upload = httpRequest(`${web.url}/api/v1/upload`, { method: 'POST' });
  const answered = once(upload, 'response');
  upload.write('x'.repeat(1000));
  await begun.promise;

  web.program.kill('SIGTERM');
  await eventually('no new connection to be taken', () =>
    fetch(web.url).then(
      () => false,
      () => true,
    ),
  );
  upload.end('x'.repeat(500));
  finish.resolve();
  const [response] = await answered;
  const text = (await Array.fromAsync(response.setEncoding('utf8'))).join('');
  expect(text).toBe('first, then 1500 bytes');
  expect(await web.program.exited).toEqual({ code: 0, signal: null });
  const lines = await web.program.logLines();
  expect(lines.filter((line) => line['http.route'] === '/api/*')).toMatchObject([
    { 'http.response.status_code': 200 },
  ]);
});

test('what browsers reported just before the end is still delivered', async () => {
  const bodies: string[] = [];
  await using collector = await startUpstream(async (incoming, response) => {
    const body = Buffer.concat(await Array.fromAsync(incoming));
    if (incoming.headers['content-type'] === 'application/json') bodies.push(String(body));
    response.end();
  });
  await using web = await startWeb({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await web.program.ready();
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'last words',
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now),
  };
  const response = await fetch(`${web.url}/telemetry/spans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  expect(response.status).toBe(204);
  await web.program.stop();
  expect(bodies.join()).toContain('last words');
});

test('health is told to the management listener only', async () => {
  await using web = await startWeb();
  await web.program.ready();
  expect((await fetch(`${web.program.managementUrl}/healthz`)).status).toBe(200);
  for (const path of ['/healthz', '/readyz', '/metrics', '/faults']) {
    expect((await fetch(web.url + path)).status, path).toBe(404);
  }
});

test.each([
  [
    'a bad value',
    { API_URL: 'nonsense' },
    /^taskmanager-web cannot start: API_URL: expected a base URL .*, got "nonsense"$/m,
  ],
  ['no built app', { ASSETS_FOLDER: '/nonexistent' }, /npm run build -w taskmanager-web/],
  ['an address that is not ours', { HOST: '192.0.2.1' }, /expected to listen on 192\.0\.2\.1/],
])('%s stops the start with 2 and one clear line', async (_name, env, message) => {
  await using web = await startWeb(env);
  expect(await web.program.exited).toEqual({ code: 2, signal: null });
  expect(web.program.output()).toMatch(message);
  expect(web.program.output()).not.toMatch(/^\s+at /m);
});
