import { describe, expect, test } from 'vitest';
import type { Firing } from '../src/backtest/judge.ts';
import { seededRandom } from '../src/backtest/random.ts';
import { precision, recall, score } from '../src/backtest/score.ts';
import { type Anomaly, generateTraffic } from '../src/backtest/traffic.ts';

const RATE: Anomaly = { alert: 'RequestRateAnomaly', start: 100, end: 110, factor: 2 };
const LATENCY: Anomaly = { alert: 'LatencyAnomaly', start: 300, end: 310, factor: 2 };
const firing = (rate: number[], latency: number[] = []): Firing =>
  new Map([
    ['RequestRateAnomaly', rate],
    ['LatencyAnomaly', latency],
  ]);

describe('scoring the bands', () => {
  test.each([
    ['both found, nothing else', firing([104, 105, 106], [304]), { found: 2, alarms: 2, falseAlarms: 0 }],
    ['nothing fired', firing([]), { found: 0, alarms: 0, falseAlarms: 0 }],
    [
      'an alarm of the wrong kind is false and finds nothing',
      firing([304]),
      { found: 0, alarms: 1, falseAlarms: 1 },
    ],
    ['an alarm before the anomaly is false', firing([80, 81]), { found: 0, alarms: 1, falseAlarms: 1 }],
    [
      'an alarm in the aftermath is late: neither found nor false',
      firing([115]),
      { found: 0, alarms: 1, falseAlarms: 0 },
    ],
    ['a flapping alarm is one', firing([103, 106, 110]), { found: 1, alarms: 1, falseAlarms: 0 }],
    ['two alarms far apart are two', firing([104, 200]), { found: 1, alarms: 2, falseAlarms: 1 }],
  ])('%s', (_, fired, expected) => {
    expect(score([RATE, LATENCY], fired)).toEqual({ anomalies: 2, ...expected });
  });

  test('precision and recall are shares', () => {
    const total = { anomalies: 10, found: 9, alarms: 12, falseAlarms: 3 };
    expect(precision(total)).toBe(0.75);
    expect(recall(total)).toBe(0.9);
  });
});

describe('generated traffic', () => {
  test('is the same for the same seed, another for another', () => {
    expect(generateTraffic(7).requests.slice(-3)).toEqual(generateTraffic(7).requests.slice(-3));
    expect(generateTraffic(7).requests.at(-1)).not.toBe(generateTraffic(8).requests.at(-1));
  });

  test('holds counters that never fall, buckets that contain each other, and anomalies of both kinds', () => {
    const { requests, buckets, anomalies } = generateTraffic(1);
    expect(requests.every((value, index) => index === 0 || value >= (requests[index - 1] ?? 0))).toBe(true);
    const last = [...buckets.values()].map((values) => values.at(-1) ?? 0);
    expect(last).toEqual(last.toSorted((a, b) => a - b));
    expect(last.at(-1)).toBe(requests.at(-1));
    expect(new Set(anomalies.map(({ alert }) => alert)).size).toBe(2);
  });
});

test('random numbers have the mean and spread that they promise', () => {
  const random = seededRandom(1);
  const normals = Array.from({ length: 20_000 }, random.normal);
  const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
  const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});
