import { temporaryFolder } from '@lab/testing';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAssetFolder } from '../../src/server/assets/asset-folder.ts';
import { SCRIPT } from '../support/asset-fixture.ts';
import { startWebServer, type WebServer } from '../support/web-server.ts';

let web: WebServer;
beforeAll(async () => {
  web = await startWebServer({ sampleRatio: 0.25 });
});
afterAll(() => web[Symbol.asyncDispose]());

const HASHED = '/assets/index-B0rPu95u.js';
const html = { accept: 'text/html,application/xhtml+xml' };

test('a hashed file may be kept for ever', async () => {
  const response = await fetch(web.url + HASHED);
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await response.text()).toBe(SCRIPT);
});

test.each([
  ['br, gzip', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['identity', undefined],
  ['zstd', undefined],
])('a client that takes %s gets %s', async (accepted, encoding) => {
  const response = await request(web.url + HASHED, { headers: { 'accept-encoding': accepted } });
  expect(response.headers['content-encoding']).toBe(encoding);
  expect(response.headers['vary']).toContain('Accept-Encoding');
  const body = await response.body.bytes();
  expect(body.length < SCRIPT.length).toBe(encoding !== undefined);
});

test('a file without a hash is asked for again, and costs nothing where it is the same', async () => {
  const first = await request(`${web.url}/favicon.svg`);
  await first.body.dump();
  expect(first.headers['cache-control']).toBe('no-cache');
  const second = await request(`${web.url}/favicon.svg`, {
    headers: { 'if-none-match': String(first.headers['etag']) },
  });
  await second.body.dump();
  expect(second.statusCode).toBe(304);
});

test.each(['/', '/login', '/tasks/new', '/tasks/42?status=open', '/notifications'])(
  '%s is a page of the app, never stored',
  async (path) => {
    const response = await fetch(web.url + path, { headers: html });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const text = await response.text();
    expect(text).toContain('<div id="app">');
    expect(text).toContain('<meta name="trace-sample-ratio" content="0.25" />');
  },
);

test('a page carries no inline code, and the policy allows none, nor any other origin or frame', async () => {
  const response = await fetch(web.url, { headers: html });
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|data:|\*/);
  expect(await response.text()).not.toMatch(/<script(?![^>]*src=)|style=/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('x-powered-by')).toBeNull();
});

test('what is no page is shown by the app to a person, as 404, and counted as unmatched', async () => {
  const response = await fetch(`${web.url}/wp-admin.php`, { headers: html });
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('<div id="app">');
  const program = await fetch(`${web.url}/wp-admin.php`, { headers: { accept: 'application/json' } });
  expect(program.status).toBe(404);
  expect(await program.json()).toMatchObject({ code: 'not_found' });
});

test.each(['/assets/gone-AAAAAAAA.js', '/assets/index-B0rPu95u.js.br', '/secret.env', '/index.html'])(
  '%s is not served',
  async (path) => {
    const response = await fetch(web.url + path, { headers: { accept: '*/*' } });
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('PASSWORD');
  },
);

test.each(['/assets/../secret.env', '/assets/%2e%2e/secret.env', '/..%2f..%2fetc/passwd', '/assets/%00'])(
  '%s leads nowhere',
  async (path) => {
    const response = await request(`${web.url}/`, { path, method: 'GET' } as never);
    expect(response.statusCode).toBe(404);
    await response.body.dump();
  },
);

test('pages, files and what is neither are counted under three routes, whatever is asked for', async () => {
  for (let index = 0; index < 50; index += 1) {
    const response = await fetch(`${web.url}/tasks/${index}`, { headers: html });
    await response.arrayBuffer();
  }
  const routes = new Set([...(await web.metrics()).matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
  const allowed = [
    '/',
    '/assets/*',
    '/api/*',
    '/telemetry/vitals',
    '/telemetry/errors',
    '/telemetry/spans',
    'unmatched',
  ];
  expect(allowed).toEqual(expect.arrayContaining([...routes]));
});

test('without the built app the server says how to build it', async () => {
  await using folder = await temporaryFolder();
  expect(() => readAssetFolder(folder.path)).toThrow(/npm run build -w taskmanager-web/);
});
