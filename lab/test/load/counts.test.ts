import { describe, expect, it } from 'vitest';
import { LoadCounts, type Outcome } from '../../src/load/counts.ts';
import { LatencyHistogram } from '../../src/load/latency-histogram.ts';
import { judge } from '../../src/load/verdict.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

function outcome(over: Partial<Outcome> = {}): Outcome {
  return {
    method: 'GET',
    route: '/api/v1/tasks',
    result: 200,
    expected: 200,
    seconds: 0.01,
    at: NOON,
    ...over,
  };
}

describe('counts', () => {
  it('tell a refusal that was expected from one that was not, and both from a failure', () => {
    const counts = new LoadCounts();
    counts.add(outcome({ result: 404, expected: 404 }));
    counts.add(outcome({ result: 404, expected: 200 }));
    counts.add(outcome({ result: 503, expected: 200 }));
    counts.add(outcome({ result: 'cut-off' }));
    expect(counts.total).toMatchObject({
      sent: 4,
      answered: 3,
      serverErrors: 1,
      unanswered: 1,
      unexpected: 2,
      errorRatio: 0.5,
    });
    expect([...(counts.routes[0]?.unexpectedResults ?? [])]).toEqual([
      [404, 1],
      [503, 1],
      ['cut-off', 1],
    ]);
  });

  it('leave out what the load itself broke off', () => {
    const counts = new LoadCounts();
    counts.add(outcome({ result: 'aborted' }));
    expect(counts.total.sent).toBe(0);
    expect(counts.total.errorRatio).toBe(0);
  });

  it('answer for any stretch of time, by when requests were sent', () => {
    const counts = new LoadCounts();
    for (let second = 0; second < 10; second += 1)
      counts.add(
        outcome({ at: NOON + second * 1000 + 999, result: second < 5 ? 200 : 500, seconds: second }),
      );
    expect(counts.between(NOON + 3_000, NOON + 7_000)).toMatchObject({
      sent: 4,
      serverErrors: 2,
      errorRatio: 0.5,
    });
    expect(counts.between(NOON + 20_000, NOON + 30_000)).toMatchObject({ sent: 0, p95Seconds: 0 });
    expect(counts.timeline.map(({ second }) => second)).toEqual(
      Array.from({ length: 10 }, (_, index) => NOON / 1000 + index),
    );
  });

  it('keep the slowest requests that have a trace', () => {
    const counts = new LoadCounts();
    for (let number = 0; number < 50; number += 1)
      counts.add(outcome({ seconds: number, ...(number % 2 ? { traceId: `t${number}` } : {}) }));
    expect(counts.slowest.map(({ traceId }) => traceId)).toEqual(
      [49, 47, 45, 43, 41, 39, 37, 35, 33, 31].map((number) => `t${number}`),
    );
  });
});

describe('a histogram of latencies', () => {
  it('answers any quantile within 3 %, and never more than the longest', () => {
    const latencies = new LatencyHistogram();
    for (let number = 1; number <= 1000; number += 1) latencies.observe(number / 1000);
    for (const share of [0.5, 0.9, 0.95, 0.99])
      expect(Math.abs(latencies.quantile(share) / share - 1)).toBeLessThan(0.03);
    expect(latencies.quantile(1)).toBeLessThanOrEqual(1);
  });

  it('is 0 where nothing was observed, and takes what is shorter or longer than its buckets', () => {
    const latencies = new LatencyHistogram();
    expect(latencies.quantile(0.95)).toBe(0);
    latencies.observe(0);
    latencies.observe(1000);
    expect(latencies.count).toBe(2);
    expect(latencies.quantile(1)).toBeGreaterThan(20);
  });
});

describe('the verdict', () => {
  const common = { service: 'taskmanager-api', total: '', good: '' };
  const objectives = [
    { ...common, name: 'available', title: 'a', objective: 0.99 },
    { ...common, name: 'fast', title: 'b', objective: 0.5, thresholdSeconds: 0.3 },
  ];
  const measured = (outcomes: readonly Partial<Outcome>[]) => {
    const counts = new LoadCounts([0.3]);
    for (const each of outcomes) counts.add(outcome(each));
    return judge(objectives, counts.total.api).map(({ measured: share, kept }) => [share, kept]);
  };

  it('counts 5xx and silence against availability, refusals not', () => {
    expect(measured([{}, { result: 412, expected: 412 }, { result: 401, expected: 200 }])[0]).toEqual([
      1,
      true,
    ]);
    expect(measured([{}, { result: 500 }])[0]).toEqual([0.5, false]);
    expect(measured([{}, { result: 'timeout' }])[0]).toEqual([0.5, false]);
  });

  it('counts an answer at exactly the threshold as in time, and a failure as no answer', () => {
    expect(measured([{ seconds: 0.3 }, { seconds: 0.300_001 }])[1]).toEqual([0.5, true]);
    expect(measured([{ seconds: 0.4 }, { seconds: 0.001, result: 503 }])[1]).toEqual([0, false]);
  });

  it('looks at the API alone, and holds no promise where nothing was measured', () => {
    expect(measured([{ route: '/', result: 500, seconds: 9 }])).toEqual([
      [undefined, false],
      [undefined, false],
    ]);
  });
});
