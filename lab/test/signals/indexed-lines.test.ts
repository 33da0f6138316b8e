import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { accountForIndexedLines } from '../../src/signals/indexed-lines.ts';

interface Process {
  found: number;
  first: number;
  last: number;
  different: number;
}

/** An Elasticsearch that holds these processes' lines, up to a moment. */
async function account(processes: Process[], newest = Number.MAX_SAFE_INTEGER, deadlineMs = 1_500) {
  const buckets = processes.map(({ found, first, last, different }) => ({
    doc_count: found,
    first: { value: first },
    last: { value: last },
    different: { value: different },
  }));
  const server = createServer((_, response) => {
    response.end(JSON.stringify({ aggregations: { newest: { value: newest }, processes: { buckets } } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  try {
    return await accountForIndexedLines({
      elasticsearchUrl: `http://127.0.0.1:${port}`,
      since: '2026-11-22T10:00:00Z',
      deadlineMs,
      signal: new AbortController().signal,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('finds nothing missing where every number from the first to the last is there once', async () => {
  const processes = [
    { found: 100, first: 1, last: 100, different: 100 },
    { found: 11, first: 40, last: 50, different: 11 },
  ];
  expect(await account(processes)).toEqual({ written: 111, gaps: 0, storedTwice: 0, complete: true });
});

it('counts a number that is missing in between as a gap', async () => {
  const found = await account([{ found: 98, first: 1, last: 100, different: 98 }]);
  expect(found).toMatchObject({ written: 100, gaps: 2 });
});

it('counts a line that is there twice', async () => {
  const found = await account([{ found: 103, first: 1, last: 100, different: 100 }]);
  expect(found).toMatchObject({ gaps: 0, storedTwice: 3 });
});

it('is not complete while nothing of the last moment has arrived', async () => {
  const found = await account([{ found: 100, first: 1, last: 100, different: 100 }], Date.now() - 60_000);
  expect(found.complete).toBe(false);
});

it('says so where Elasticsearch does not answer', async () => {
  await expect(
    accountForIndexedLines({
      elasticsearchUrl: 'http://127.0.0.1:1',
      since: '2026-11-22T10:00:00Z',
      deadlineMs: 300,
      signal: new AbortController().signal,
    }),
  ).rejects.toThrow('every line to be in Elasticsearch');
});
