import { RuleBook, readAlertRules, readRules, scaleRules, selectorsOf, seriesOf } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';

const RULES = `groups:
  - name: shop
    rules:
      - record: shop:errors:rate5m
        expr: sum(rate(shop_errors_total[5m]))
      - record: shop:errors:rate1h
        expr: avg_over_time(shop:errors:rate5m[1h:1m] offset 10m)
      - alert: ShopErrors
        expr: |
          shop:errors:rate1h > 300 # scale: duration
        for: 2m
        keep_firing_for: 0
`;

function ruleOf(text: string) {
  const [rule] = readAlertRules(new Map([['shop.yml', text]]));
  if (rule === undefined) throw new Error('expected an alert');
  return rule;
}

describe('reading an alert rule', () => {
  test('gives signal, threshold, window and times, followed through recorded series', () => {
    const { signals, windows, forMs, keepFiringForMs, pastMs } = ruleOf(RULES);
    expect(signals).toMatchObject([
      { signal: 'shop:errors:rate1h', operator: '>', threshold: { value: 300 } },
    ]);
    expect(windows).toEqual(['1h']);
    expect([forMs, keepFiringForMs]).toEqual([120_000, 0]);
    // 1h and 10m back, 5m further for the series it averages, and `for`.
    expect(pastMs).toBe((60 + 10 + 5 + 2) * 60_000);
  });

  test('of scaled text gives the faster times and the scaled threshold', () => {
    const { signals, windows, pastMs } = ruleOf(scaleRules(RULES, 10));
    expect(signals[0]?.threshold.value).toBe(30);
    expect(windows).toEqual(['6m']);
    expect(pastMs).toBe(77 * 6_000);
  });

  test('of a PromQL that is not known here takes the whole expression for its condition', () => {
    const { condition, signals } = ruleOf('groups: [{ name: a, rules: [{ alert: A, expr: "x ~~ 5" }] }]');
    expect(condition).toEqual({ kind: 'presence', promql: 'x ~~ 5' });
    expect(signals).toEqual([]);
  });

  test('every alert of the lab but the Watchdog has a signal', () => {
    const without = readAlertRules(readRules()).filter(({ signals }) => signals.length === 0);
    expect(without.map(({ name }) => name)).toEqual(['Watchdog']);
  });
});

describe('a rule book', () => {
  test('finds the windows of recorded series by their rules, not by their names', () => {
    const rules = new RuleBook(
      new Map([['a.yml', 'groups: [{ name: a, rules: [{ record: x:rate5m, expr: "rate(x[2m])" }] }]']]),
    );
    expect(rules.windowsOf('x:rate5m > 1')).toEqual(['2m']);
    expect(rules.windowsOf('y:rate5m > 1')).toEqual([]);
  });

  test('ends where recorded series read each other', () => {
    const rules = '[{ record: a, expr: "b[5m:]" }, { record: b, expr: "max_over_time(a[1m])" }]';
    const book = new RuleBook(new Map([['a.yml', `groups: [{ name: a, rules: ${rules} }]`]]));
    expect(book.reachMs('a')).toBe(6 * 60_000);
  });

  test.each([
    ['x offset -5m', 0],
    ['x[300]', 300_000],
    ['max_over_time(rate(x[1m] offset 2m)[10m:1m])', 13 * 60_000],
  ])('knows how far back %s reads', (expression, milliseconds) => {
    expect(new RuleBook(new Map()).reachMs(expression)).toBe(milliseconds);
  });
});

test('selectors and series are found in strings of every kind of name', () => {
  const expression = 'rate(a:b{c="d"}[5m]) / {"e.f", g="h"} > {__name__="i"} or a:b{c="d"}';
  expect(selectorsOf(expression)).toEqual(['a:b{c="d"}', '{"e.f", g="h"}', '{__name__="i"}']);
  expect(seriesOf(expression)).toEqual(['a:b', 'e.f', 'i']);
});
