import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JOURNEYS, requestsPerJourney } from '@lab/loadtests';
import { eventually, freePort } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { type LoadOptions, startLoad } from '../../src/load/start-load.ts';

const accounts = [{ email: 'a@load.invalid', password: 'x', cookie: 'taskmanager.sid=1' }];
const perJourney = requestsPerJourney(JOURNEYS);

async function server(answer: RequestListener) {
  const listening = createServer(answer).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      listening.closeAllConnections();
      await new Promise((resolve) => listening.close(resolve));
    },
  };
}

/** `end` breaks off who is still waiting: `stop` alone would give them some seconds. */
async function load(webUrl: string, over: Partial<LoadOptions> = {}) {
  const ending = new AbortController();
  const { signal } = ending;
  const running = await startLoad({ webUrl, rate: 100 * perJourney, signal, accounts, ...over });
  const end = () => {
    ending.abort();
    return running.stop();
  };
  return { running, end };
}

describe('people', () => {
  it('arrive at their rate, however long those before them wait', async () => {
    await using silent = await server(() => undefined);
    const { running, end } = await load(silent.url);
    await eventually('people to arrive', () => running.arrivals.begun >= 100);
    expect(running.arrivals.underWay).toBe(running.arrivals.begun);
    expect(running.counts.total.answered).toBe(0);
    const { due, begun, seconds, turnedAway } = await end();
    expect(turnedAway).toBe(0);
    expect(begun).toBe(due);
    // Of the time that really passed, so that a busy machine changes nothing.
    expect(Math.abs(due - seconds * 100)).toBeLessThanOrEqual(1);
  });

  it('arrive at another rate as soon as it is said', async () => {
    await using silent = await server(() => undefined);
    const { running, end } = await load(silent.url, { rate: 0 });
    expect(running.arrivals.due).toBe(0);
    running.rate = (elapsed) => (elapsed >= 0 ? 200 * perJourney : 0);
    await eventually('people to arrive', () => running.arrivals.begun >= 20);
    running.rate = 0;
    const { begun } = running.arrivals;
    const ended = await end();
    expect(ended.begun).toBe(begun);
  });

  it('are turned away, and counted, where as many as allowed are under way', async () => {
    await using silent = await server(() => undefined);
    const { running, end } = await load(silent.url, { mostAtOnce: 10 });
    await eventually('somebody to be turned away', () => running.arrivals.turnedAway >= 5);
    const { begun, due, turnedAway } = await end();
    expect(begun).toBe(10);
    expect(due).toBe(begun + turnedAway);
  });

  it('who are cut off by the end of the load are nobody’s failure', async () => {
    await using silent = await server(() => undefined);
    const { running, end } = await load(silent.url);
    await eventually('people to arrive', () => running.arrivals.begun >= 5);
    const { counts, underWay } = await end();
    expect(underWay).toBe(0);
    expect(counts.total.sent).toBe(0);
  });

  it('who get no answer in time give up, and are counted as unanswered', async () => {
    await using silent = await server(() => undefined);
    const { running, end } = await load(silent.url, { timeoutMs: 100 });
    await eventually('somebody to give up', () => running.counts.total.unanswered >= 3);
    const { counts } = await end();
    expect(new Set(counts.routes.flatMap(({ results }) => [...results.keys()]))).toEqual(
      new Set(['timeout']),
    );
  });

  it('who are refused or cut off are told apart', async () => {
    const results = async (url: string) => {
      const { running, end } = await load(url);
      await eventually('answers', () => running.counts.total.sent >= 5);
      const { counts } = await end();
      return new Set(counts.routes.flatMap((route) => [...route.results.keys()]));
    };
    await using rude = await server((request) => request.socket.destroy());
    expect(await results(`http://127.0.0.1:${await freePort()}`)).toEqual(new Set(['refused']));
    expect(await results(rude.url)).toEqual(new Set(['cut-off']));
  });

  it('go on when answers are no JSON, though they say so', async () => {
    await using odd = await server((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"items": [');
    });
    const { running, end } = await load(odd.url);
    await eventually('answers', () => running.counts.total.answered >= 20);
    const { counts, writes } = await end();
    expect(counts.total.unanswered).toBe(0);
    expect(writes.count).toBe(0);
  });
});

describe('accounts for a load', () => {
  it('that cannot be made end it before it begins, saying what was answered', async () => {
    await using broken = await server((_, response) => {
      response.statusCode = 418;
      response.end();
    });
    await expect(load(broken.url, { accounts: 1 })).rejects.toThrow(
      'making the accounts for the load: expected 201 from POST /api/v1/users, got 418',
    );
  });
});
