import { join } from 'node:path';
import { readAlerts, readRules, recordingsOf } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';
import { readExperiments } from '../../../src/chaos/experiment/catalogue.ts';
import { lately, neededPast } from '../../../src/chaos/past/needed-past.ts';

const MINUTE = 60_000;
const rules = {
  recordings: recordingsOf([
    `groups:
  - name: one
    rules:
      - record: rate1m
        expr: sum(rate(requests_total[1m]))
        labels: { slo: a }
      - record: other2m
        expr: sum(rate(other_total[2m]))
      - record: slow1d
        expr: avg_over_time(rate1m[1d])
`,
  ]),
  alerts: ['other2m > 3 and present_over_time(other2m[20m] offset 10m)', 'max_over_time(slow1d[1d]) > 1'],
};
const asks = (query: string) => ({ hypothesis: [{ what: 'something of the past', query, atLeast: 1 }] });

describe('the past that experiments need', () => {
  test('is none where they only ask what is current, or series that nothing records', () => {
    expect(neededPast([asks('rate1m'), asks('rate(requests_total[5m])')], [], rules)).toBeUndefined();
  });

  test('is none where only everybody’s hypothesis looks back: it is content with nothing learned', () => {
    const { hypothesis } = asks('avg_over_time(rate1m[1h])');
    expect(neededPast([asks('up')], hypothesis, rules)).toBeUndefined();
  });

  test('reaches as far as the longest of them, and holds what alerts look back at within that', () => {
    const needed = neededPast([asks('avg_over_time(rate1m[10m])'), asks('rate1m offset 30m')], [], rules);
    expect(needed).toEqual({ reachMs: 30 * MINUTE, series: ['other2m', 'rate1m'] });
  });

  test('holds nothing that is looked back at further than it reaches', () => {
    expect(neededPast([asks('rate1m offset 29m')], [], rules)?.series).toEqual(['rate1m']);
  });
});

describe('a recording rule, lately', () => {
  test('looks back no further than what was measured', () => {
    expect(lately({ expr: 'sum(rate(a[2m])) / sum(rate(b[1m]))', labels: {} }, 6_000)).toBe(
      'sum(rate(a[6s])) / sum(rate(b[3s]))',
    );
  });

  test('stays what it is where it looks at what is current', () => {
    expect(lately({ expr: 'sum(up)', labels: {} }, 6_000)).toBe('sum(up)');
  });
});

test('the experiments as they are need an hour and five minutes, of traffic, latency and the budget', () => {
  const { experiments, steadyState } = readExperiments(
    join(import.meta.dirname, '../../../../loadtests/chaos'),
  );
  const real = {
    recordings: recordingsOf(readRules().values()),
    alerts: readAlerts().map(({ expr }) => expr),
  };
  const needed = neededPast(experiments, steadyState.hypothesis, real);
  expect(needed?.reachMs).toBe(65 * MINUTE);
  for (const series of [
    'slo:requests:rate1m',
    'slo:errors:rate1m',
    'lab:request_rate:rate2m',
    'lab:latency_p90:rate2m',
  ])
    expect(needed?.series).toContain(series);
  // What is thinned is among what is given, and the errors as much as the requests that they are a share of.
  for (const series of steadyState.past?.thinned.series ?? []) expect(needed?.series).toContain(series);
});
