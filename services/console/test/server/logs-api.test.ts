import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConsoleProgram, eventually, startConsole } from '@lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  logDetailSchema,
  logFacetsSchema,
  logHistogramSchema,
  logPageSchema,
  logRecordSchema,
} from '../../src/contract/logs.ts';

let lab: ConsoleProgram;
let sequence = 0;

beforeAll(async () => {
  lab = await startConsole();
});
afterAll(() => lab[Symbol.asyncDispose]());

function log(message: string, fields: Record<string, unknown> = {}): void {
  const record = {
    '@timestamp': new Date().toISOString(),
    'log.level': 'info',
    message,
    'service.name': 'taskmanager-api',
    'service.instance.id': 'i',
    'event.sequence': sequence++,
    ...fields,
  };
  appendFileSync(join(lab.logDirectory, 'taskmanager-api.log'), `${JSON.stringify(record)}\n`);
}

const search = async (query: string) => logPageSchema.parse((await lab.get(`/api/logs?${query}`)).body);
const found = (q: string) =>
  eventually(q, async () =>
    (await search(`q=${encodeURIComponent(q)}`)).items.length > 0
      ? search(`q=${encodeURIComponent(q)}`)
      : undefined,
  );

test('a line written is found within moments by words, request id, service and level, with all its fields', async () => {
  log('something odd happened', {
    'http.request.id': 'a1b2c3d4-0000-4000-8000-000000000001',
    'trace.id': 'f'.repeat(32),
    'log.level': 'error',
    'error.message': 'odd',
  });
  const { items } = await found('http.request.id:"a1b2c3d4-0000-4000-8000-000000000001"');
  expect(items).toMatchObject([
    {
      level: 'error',
      service: 'taskmanager-api',
      message: 'something odd happened',
      requestId: 'a1b2c3d4-0000-4000-8000-000000000001',
      traceId: 'f'.repeat(32),
      defect: null,
      fields: { 'error.message': 'odd' },
    },
  ]);
  for (const query of [
    'q=odd',
    'level=error',
    'level=error,warn&service=taskmanager-api',
    'q=error.message:odd&from=now-5m&to=now',
    `q=trace.id:${'f'.repeat(32)}`,
  ]) {
    expect((await search(query)).items, query).toHaveLength(1);
  }
  expect((await search('level=debug')).items).toHaveLength(0);
  expect((await search('service=nobody')).items).toHaveLength(0);
  const detail = await lab.get(`/api/logs/${items[0]?.id}`);
  expect(logDetailSchema.parse(detail.body)).toMatchObject({
    file: 'taskmanager-api.log',
    raw: expect.stringContaining('something odd'),
  });
  const histogram = logHistogramSchema.parse((await lab.get('/api/logs/histogram?q=odd&by=service')).body);
  expect(histogram).toMatchObject({ total: 1, keys: ['taskmanager-api'], complete: true });
  expect(logFacetsSchema.parse((await lab.get('/api/logs/facets?q=odd')).body).services).toContainEqual({
    value: 'taskmanager-api',
    count: 1,
  });
});

test('markup in a line comes out as data: JSON that no browser takes for a page', async () => {
  log('<script>alert(document.domain)</script>');
  await found('script');
  const answer = await lab.get('/api/logs?q=script');
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test.each([
  ['q=a%20AND', 'q', 5],
  ['q=%22open', 'q', 0],
  [`q=${'a'.repeat(2001)}`, 'q', undefined],
  ['level=loud', 'level', undefined],
  ['limit=0', 'limit', undefined],
  ['limit=501', 'limit', undefined],
  ['limit=1.5', 'limit', undefined],
  ['cursor=x', 'cursor', undefined],
  ['from=yesterday', 'from', undefined],
  ['to=2026-13-45', 'to', undefined],
  ['from=now&to=now-1h', 'from', undefined],
  ['q=a&q=b', 'q', undefined],
  ['servcie=api', 'servcie', undefined],
])('/api/logs?%s is refused and says which parameter', async (query, parameter, position) => {
  expect(await lab.get(`/api/logs?${query}`)).toMatchObject({
    status: 400,
    body: { parameter, ...(position === undefined ? {} : { position }) },
  });
});

test.each([
  ['/api/logs/histogram?bars=9', 400],
  ['/api/logs/histogram?by=color', 400],
  ['/api/logs/histogram?q=(', 400],
  ['/api/logs/tail?q=(', 400],
  ['/api/logs/tail?from=now', 400],
  ['/api/logs/facets?q=(', 400],
  ['/api/logs/facets?by=level', 400],
  ['/api/logs/1-1', 404],
  ['/api/logs/..%2f..%2fetc%2fpasswd', 404],
  ['/api/logs/%E0%A4%A', 400],
  ['/api/logs?from=1970-01-01&to=2262-01-01', 200],
  ['/api/logs/histogram?from=1970-01-01&to=2262-01-01&bars=400', 200],
  ['/api/logs?from=0&to=99999999999999', 200],
])('%s answers %i', async (path, status) => {
  expect((await lab.get(path)).status).toBe(status);
});

interface TailEvent {
  event: string;
  data: unknown;
}

/** Opens a live tail; `events` fills up. */
async function tail(query: string) {
  const abort = new AbortController();
  const response = await fetch(`${lab.url}/api/logs/tail?${query}`, { signal: abort.signal });
  const events: TailEvent[] = [];
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, event, data] = /^event: (\w+)\ndata: (.+)$/.exec(block) ?? [];
        if (event !== undefined && data !== undefined) events.push({ event, data: JSON.parse(data) });
      }
    }
  })().catch(() => {
    // Ended by the test.
  });
  return {
    response,
    events,
    records: () =>
      events.filter(({ event }) => event === 'record').map(({ data }) => logRecordSchema.parse(data)),
    [Symbol.asyncDispose]: async () => {
      abort.abort();
      await reading;
    },
  };
}

test('a live tail shows what is written from now on and meets its query; the record can be opened', async () => {
  await using everything = await tail('');
  await using narrow = await tail(
    `q=${encodeURIComponent('"needle one" OR http.response.status_code>=500')}&level=info,error&service=taskmanager-api`,
  );
  expect(everything.response.headers.get('content-type')).toContain('text/event-stream');
  await eventually('the tails run', () => {
    log('hay');
    return everything.records().length > 0;
  });
  log('a needle one');
  log('a needle two');
  log('broke', { 'http.response.status_code': 503, 'log.level': 'error' });
  log('a needle one, elsewhere', { 'service.name': 'taskmanager-web' });
  log('last of all');
  await eventually('all are shown', () =>
    everything.records().some(({ message }) => message === 'last of all'),
  );
  expect(narrow.records().map(({ message }) => message)).toEqual(['a needle one', 'broke']);
  const [record] = narrow.records();
  expect((await lab.get(`/api/logs/${record?.id}`)).body).toMatchObject({ message: 'a needle one' });
});

test('a flood is cut down to what a person can read, and the rest is counted, not lost', async () => {
  await using flooded = await tail('q=flood');
  await eventually('the tail runs', () => {
    log('flood begins');
    return flooded.records().length > 0;
  });
  const before = flooded.records().length;
  const lines = Array.from({ length: 5000 }, (_, index) =>
    JSON.stringify({
      '@timestamp': new Date().toISOString(),
      message: `flood ${index}`,
      'service.instance.id': 'f',
      'event.sequence': index,
    }),
  );
  appendFileSync(join(lab.logDirectory, 'flood.log'), `${lines.join('\n')}\n`);
  const dropped = () =>
    flooded.events.reduce(
      (sum, { event, data }) => sum + (event === 'dropped' ? (data as { count: number }).count : 0),
      0,
    );
  await eventually('shown and dropped add up', () => flooded.records().length - before + dropped() >= 5000);
  expect(flooded.records().length).toBeLessThan(3000);
  await eventually(
    'all are stored',
    async () => ((await lab.get('/api/logs/histogram?q=flood')).body as { total: number }).total >= 5000,
  );
});

test('tails without end are refused, and those that leave make room', async () => {
  const open = await Promise.all(Array.from({ length: 20 }, () => tail('')));
  expect((await lab.get('/api/logs/tail')).status).toBe(503);
  for (const each of open) await each[Symbol.asyncDispose]();
  await eventually('there is room again', async () => {
    await using one = await tail('');
    return one.response.status === 200;
  });
});

test('many questions at once are all answered, or told to come again', async () => {
  const answers = await Promise.all(
    Array.from({ length: 150 }, (_, index) => lab.get(`/api/logs?q=flood%20${index}`)),
  );
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
  expect(answers.some(({ status }) => status === 200)).toBe(true);
});
