import { startTracing } from '@lab/telemetry';
import { eventually } from '@lab/testing';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUpstream, startWebServer } from '../support/web-server.ts';

// Tracing is one a process: these tests have a file, and so a process, of their own.
const exporter = new InMemorySpanExporter();
let tracing: Awaited<ReturnType<typeof startTracing>>;
beforeAll(async () => {
  const service = { name: 'taskmanager-web', version: '1', instanceId: 'one', environment: 'test' };
  tracing = await startTracing({ service, exporter, ratio: 1 });
});
afterAll(() => tracing.shutdown());

const spansOf = (traceId: string, count: number) =>
  eventually(`${count} spans of the trace`, async () => {
    await tracing.flush();
    const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
    return spans.length >= count ? spans : undefined;
  });

test("the browser's trace goes on through the proxy to the API", async () => {
  let received = '';
  await using upstream = await startUpstream((incoming, response) => {
    received = String(incoming.headers['traceparent']);
    response.writeHead(404).end();
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, 'x-request-id': 'quote-me-1' };
  await (await fetch(`${web.url}/api/v1/tasks/42?q=x`, { headers })).arrayBuffer();
  const spans = await spansOf(traceId, 2);
  const server = spans.find((span) => span.name === 'GET /api/*');
  const client = spans.find((span) => span.name === 'GET');
  expect(server?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  expect(client?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
  expect(received).toBe(`00-${traceId}-${client?.spanContext().spanId}-01`);
  expect(client?.attributes).toMatchObject({ 'http.response.status_code': 404 });
});

test('a page carries the context of the request that fetched it', async () => {
  await using web = await startWebServer();
  const response = await fetch(web.url, { headers: { accept: 'text/html' } });
  const [, traceId = '', spanId] =
    /name="traceparent" content="00-(\w{32})-(\w{16})-01"/.exec(await response.text()) ?? [];
  const [span] = await spansOf(traceId, 1);
  expect(span?.name).toBe('GET /');
  expect(span?.spanContext().spanId).toBe(spanId);
});

test('a client that leaves ends the client span too, with the reason', async () => {
  const begun = Promise.withResolvers<void>();
  await using upstream = await startUpstream((_incoming, response) => {
    begun.resolve();
    response.on('error', () => {});
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const traceId = '0af7651916cd43dd8448eb211c80319d';
  const leave = new AbortController();
  const attempt = fetch(`${web.url}/api/v1/tasks`, {
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    signal: leave.signal,
  });
  await begun.promise;
  leave.abort();
  await expect(attempt).rejects.toThrow();
  const spans = await spansOf(traceId, 2);
  expect(spans.find((span) => span.name === 'GET')?.attributes['error.type']).toBeDefined();
});
