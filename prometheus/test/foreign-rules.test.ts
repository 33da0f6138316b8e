/** Rules of a person's own: what Prometheus takes is carried along. */
import { scalePromql, scaleRules } from '@lab/prometheus';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertsOf } from '../src/alerts/read-alerts.ts';

const ONLY_COMMENTS = '# all off for now\n';

test('an alert without severity and annotations is read, with nothing in their place', () => {
  const rules =
    'groups: [{ name: shop, rules: [{ alert: ShopSlow, expr: up == 0 }, { record: a, expr: up }] }]';
  expect(alertsOf('shop.yml', rules)).toEqual([
    expect.objectContaining({
      name: 'ShopSlow',
      severity: '',
      summary: '',
      runbookUrl: '',
      dashboardUrl: '',
    }),
  ]);
});

test.each([ONLY_COMMENTS, '', 'groups: []', 'groups: [{ name: shop }]'])(
  'a file without rules (%j) has no alert, and is the same at any time scale',
  (rules) => {
    expect(alertsOf('shop.yml', rules)).toEqual([]);
    expect(parse(scaleRules(rules, 10))).toEqual(parse(rules));
  },
);

test('a file that is no rules file is named', () => {
  expect(() => alertsOf('shop.yml', 'groups: { name: shop }')).toThrow('shop.yml: ');
});

test.each([
  ['x offset - 5m', 'x offset -30s'],
  ['x offset -5m', 'x offset -30s'],
  ['x offset 5m', 'x offset 30s'],
])('%s becomes %s at time scale 10', (expression, scaled) => {
  expect(scalePromql(expression, 10)).toBe(scaled);
});
