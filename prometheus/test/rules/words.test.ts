import {
  RuleBook,
  readAlertRules,
  readCatalogue,
  readObjectives,
  readRules,
  stateThreshold,
  stateValue,
  stateWindow,
  unitOf,
} from '@lab/prometheus';
import { rewordedRules } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { alertsPage } from '../../src/alerts/alerts-page.ts';

const rules = readRules();
const book = new RuleBook(rules);
const alerts = readAlertRules(rules);

function alert(name: string) {
  const found = alerts.find((each) => each.name === name);
  if (found === undefined) throw new Error(`expected ${name}`);
  return found;
}

test('rewording every description and summary changes no word of docs/alerts.md', () => {
  const page = (texts: ReadonlyMap<string, string>) => alertsPage(texts, readCatalogue(), readObjectives());
  expect(page(rewordedRules(rules))).toBe(page(rules));
});

describe('a rule in words', () => {
  test.each([
    ['HighErrorRate', '> 5%', '5m, for 2m'],
    ['SlowAPIResponse', '> 1s', '5m, for 5m'],
    ['EventLoopLag', '> 200ms', 'now, for 1m'],
    ['ConsoleDown', '`up` = 0', 'now, for 1m, kept 5m'],
    ['Watchdog', 'none', 'now, at once'],
    ['TrafficGone', '> 0.2 a second, unless `http_requests_total` > 0', '2m, for 1m'],
    ['MemoryGrowth', '> 85%, and `process_resident_memory_bytes` > `lab:memory_limit:bytes`', '10m, for 1m'],
    [
      'LatencyAnomaly',
      '> `lab:latency_p90:upper1h`, and `lab:latency_p90:rate2m` > 50ms, and ' +
        '`present_over_time(lab:latency_p90:rate2m[45m] offset 20m)` has a value',
      '2m, for 3m',
    ],
  ])('%s: %s; %s', (name, threshold, window) => {
    expect(stateThreshold(alert(name), book)).toBe(threshold);
    expect(stateWindow(alert(name))).toBe(window);
  });
});

describe('the unit of an expression', () => {
  test.each([
    ['x_seconds', 'seconds'],
    ['time() - x_timestamp_seconds', 'seconds'],
    ['rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])', 'seconds'],
    ['histogram_quantile(0.9, sum by (le) (rate(x_seconds_bucket[5m])))', 'seconds'],
    ['histogram_quantile(0.9, rate(x_cls_bucket[5m]))', 'number'],
    ['sum(x_bytes) - 5', 'bytes'],
    ['rate(x_bytes_total[5m]) / rate(x_total[5m])', 'bytes'],
    ['rate(x_total[5m])', 'per second'],
    ['increase(x_total[5m])', 'number'],
    ['sum(rate(x_total[5m])) / (sum(rate(y_total[5m])) > 0)', 'share'],
    ['1 - x_bytes / y_bytes', 'share'],
    ['x_total / 5', 'number'],
    ['changes(x_seconds[5m])', 'number'],
    ['rate(x_seconds_total[5m])', 'number'],
    ['x * on (job) group_left () info', 'number'],
    ['lab:memory_limit:bytes', 'bytes'],
    ['lab:latency_p90:rate2m', 'seconds'],
  ])('%s: %s', (expression, unit) => {
    expect(unitOf(expression, book)).toBe(unit);
  });
});

test.each([
  [0.05, 'share', '5%'],
  [14.4, 'share', '14.4'],
  [1, 'share', '1'],
  [0.2, 'seconds', '200ms'],
  [5400, 'seconds', '1h30m'],
  [0.0005, 'seconds', '0.0005s'],
  [-5, 'seconds', '-5s'],
  [0, 'seconds', '0'],
  [0.5, 'per second', '0.5 a second'],
  [1024, 'bytes', '1024 bytes'],
] as const)('%d in %s is said as %s', (value, unit, words) => {
  expect(stateValue(value, unit)).toBe(words);
});
