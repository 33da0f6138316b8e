/** Each adapter asks its store in the store's own words and answers in the lab's. The stores are small HTTP servers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { consoleLogs, consoleTraces } from '../../src/signals/console-store.ts';
import { elasticsearchLogs } from '../../src/signals/elasticsearch.ts';
import { jaegerTraces } from '../../src/signals/jaeger.ts';
import { answering } from './answering.ts';

const { signal } = new AbortController();
const RANGE = { from: 1_000, to: 61_000 };

describe('the console', () => {
  test('finds the lines of a request and its traces, with what links to them', async () => {
    const line = { service: 'taskmanager-web', message: 'GET /', fields: { 'http.request.id': 'r-1' } };
    await using store = await answering({
      '/api/logs': { items: [line] },
      '/api/traces': { items: [{ traceId: 't1', spans: 3, services: [{ name: 'taskmanager-api' }] }] },
      '/api/traces/t1': { linkedFrom: [{ traceId: 't2' }] },
    });
    expect(await consoleLogs(store.url, '/nowhere').ofRequest('r-1', signal)).toEqual([line]);
    const traces = consoleTraces(store.url);
    expect(await traces.ofRequest('r-1', signal)).toEqual([
      { traceId: 't1', spans: 3, services: ['taskmanager-api'] },
    ]);
    expect(await traces.linkedTo?.('t1', signal)).toEqual(['t2']);
    expect(store.asked.map(({ query }) => Object.fromEntries(query))).toEqual([
      { q: 'http.request.id:"r-1"' },
      { tag: 'http.request.id=r-1' },
      {},
    ]);
  });

  test('accounts for lines by the files that were written', async () => {
    await using folder = await temporaryFolder();
    const since = Date.now();
    const lines = [1, 2, 4].map((sequence) => ({
      '@timestamp': new Date(since + sequence).toISOString(),
      'service.name': 'taskmanager-api',
      'service.instance.id': 'one',
      'event.sequence': sequence,
    }));
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    await writeFile(join(folder.path, 'taskmanager-api.log'), text);
    await using store = await answering({ '/api/logs/histogram': { total: 4, complete: true } });
    expect(await consoleLogs(store.url, folder.path).account(since, signal)).toEqual({
      written: 3,
      gaps: 1,
      notStored: 0,
      storedTwice: 1,
      behindMs: undefined,
    });
  });

  test('shows both on its own pages', () => {
    expect(consoleLogs('http://c', '').link('r-1', RANGE)).toBe(
      'http://c/logs?q=http.request.id%3A%22r-1%22&from=1000&to=61000',
    );
    expect(consoleTraces('http://c').link('t1')).toBe('http://c/traces/t1');
  });

  test('that refuses is named with its status and words', async () => {
    await using store = await answering({});
    await expect(consoleTraces(store.url).ofRequest('r-1', signal)).rejects.toThrow(
      `${store.url}/api/traces?tag=http.request.id%3Dr-1 answered 404: nothing here`,
    );
  });
});

describe('Elasticsearch', () => {
  const SEARCH = '/logs-taskmanager-default*/_search';
  const at = (url: string, deadlineMs = 300) =>
    elasticsearchLogs({ url, kibanaUrl: undefined, grafanaUrl: undefined, deadlineMs });

  test('finds the lines of a request, by its id', async () => {
    const fields = { 'service.name': 'taskmanager-api', message: 'done', 'trace.id': 't1' };
    await using store = await answering({ [SEARCH]: { hits: { hits: [{ _source: fields }] } } });
    expect(await at(store.url).ofRequest('r-1', signal)).toEqual([
      { service: 'taskmanager-api', message: 'done', fields },
    ]);
    expect(JSON.parse(store.asked[0]?.body ?? '')).toMatchObject({
      query: { term: { 'http.request.id': 'r-1' } },
    });
  });

  test.each([
    ['missing and doubled', Number.MAX_SAFE_INTEGER, 97, undefined],
    ['still on their way', 0, 97, 300],
  ])('accounts for lines that are %s', async (_, newest, different, behindMs) => {
    const process = {
      doc_count: 99,
      first: { value: 1 },
      last: { value: 100 },
      different: { value: different },
    };
    await using store = await answering({
      [SEARCH]: { aggregations: { newest: { value: newest }, processes: { buckets: [process] } } },
    });
    expect(await at(store.url).account(0, signal)).toEqual({
      written: 100,
      gaps: 0,
      notStored: 3,
      storedTwice: 2,
      behindMs,
    });
  });

  test('is seen in Kibana, or in Grafana where there is none', () => {
    const [url, grafanaUrl] = ['http://e', 'http://g'];
    const link = elasticsearchLogs({ url, grafanaUrl, kibanaUrl: 'http://k' }).link('r-1', RANGE);
    expect(link).toContain("http://k/app/discover#/?_g=(time:(from:'1970-01-01T00:00:01.000Z'");
    expect(link).toContain(encodeURIComponent('http.request.id: "r-1"'));
    expect(elasticsearchLogs({ url, grafanaUrl, kibanaUrl: undefined }).link('r-1', RANGE)).toBe(
      'http://g/explore',
    );
  });
});

test('Jaeger is searched by the tag of the server spans, and names each span’s service', async () => {
  await using store = await answering({
    '/api/traces': {
      data: [
        {
          traceID: 't1',
          spans: [{ processID: 'p1' }, { processID: 'p2' }],
          processes: { p1: { serviceName: 'taskmanager-web' } },
        },
      ],
    },
  });
  const traces = jaegerTraces(store.url);
  expect(await traces.ofRequest('r-1', signal)).toEqual([
    { traceId: 't1', spans: 2, services: ['taskmanager-web', 'unknown'] },
  ]);
  expect(store.asked[0]?.query.get('tags')).toBe('{"http.request.id":"r-1"}');
  expect(traces.link('t1')).toBe(`${store.url}/trace/t1`);
  expect(traces.linkedTo).toBeUndefined();
});
