import { describe, expect, it } from 'vitest';
import { AcknowledgedWrites } from '../../src/load/acknowledged-writes.ts';
import { LoadCounts } from '../../src/load/counts.ts';
import { K6Lines } from '../../src/load/k6-lines.ts';
import { k6Plan } from '../../src/load/k6-plan.ts';

const account = { email: 'a@load.invalid', password: 'x', cookie: 'c=1' };

function reader() {
  const said: string[] = [];
  const ending = new AbortController();
  const counts = new LoadCounts();
  const writes = new AcknowledgedWrites();
  const { signal } = ending;
  const lines = new K6Lines({
    counts,
    writes,
    accounts: [account],
    signal,
    other: (line) => said.push(line),
  });
  return { lines, counts, writes, said, ending };
}

describe('the lines that the k6 script writes', () => {
  it('are counted as requests, writes and journeys', () => {
    const { lines, counts, writes, said } = reader();
    for (const line of [
      'B',
      'B',
      'R\tGET\t/api/v1/tasks\t200\t200\t0.012\t1795370000000\tabc',
      'R\tPATCH\t/api/v1/tasks/:id\t412\t412\t0.02\t1795370000000\t',
      'W\t0\t{"id":"t","version":3,"status":"open","title":"x"}',
      'W\t0\tundefined',
      'E',
      'S\t1\t7',
    ])
      lines.read(line);
    expect(counts.total).toMatchObject({ sent: 2, answered: 2, unexpected: 0 });
    expect(counts.slowest).toMatchObject([{ traceId: 'abc', seconds: 0.012 }]);
    expect(writes.tasks).toMatchObject([{ id: 't', version: 3, account }]);
    expect(lines.arrivals).toMatchObject({ begun: 2, underWay: 1, turnedAway: 7 });
    expect(said).toEqual([]);
  });

  it.each([
    ['1212', 'refused'],
    ['1050', 'timeout'],
    ['1211', 'timeout'],
    ['1220', 'cut-off'],
    ['0', 'cut-off'],
  ])('with k6’s code %s are a request that was %s', (code, result) => {
    const { lines, counts } = reader();
    lines.read(`R\tGET\t/\t${code}\t200\t1\t1795370000000\t`);
    expect([...(counts.routes[0]?.results ?? [])]).toEqual([[result, 1]]);
  });

  it('hold no failure that the end of the load made', () => {
    const { lines, counts, ending } = reader();
    ending.abort();
    lines.read('R\tGET\t/\t1000\t200\t1\t1795370000000\t');
    lines.read('R\tGET\t/\t500\t200\t1\t1795370000000\t');
    expect(counts.total).toMatchObject({ sent: 1, serverErrors: 1 });
  });

  it('are told from k6’s own words', () => {
    const { lines, said } = reader();
    for (const line of [
      'something is wrong',
      '',
      'R\tshort',
      'Request Failed',
      "thresholds on metrics 'x' have been crossed",
    ])
      lines.read(line);
    expect(said).toEqual(['something is wrong', 'R\tshort']);
  });
});

describe('what k6 is told', () => {
  it('is the stages in whole journeys an hour, a jump taking no time', () => {
    const stages = [
      { seconds: 10, from: 32, to: 32 },
      { seconds: 0.5, from: 64, to: 64 },
    ];
    const { scenario } = k6Plan({ webUrl: '', stages, accounts: [account], traceRatio: 0.1 }, []);
    expect(scenario).toMatchObject({
      startRate: 36_000,
      timeUnit: '1h',
      stages: [
        { target: 36_000, duration: '10000ms' },
        { target: 72_000, duration: '0s' },
        { target: 72_000, duration: '500ms' },
      ],
    });
  });
});
