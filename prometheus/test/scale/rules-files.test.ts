/** Rules files as people write them: whatever YAML allows, and rules that cannot run faster. */
import { scaleRuleFiles, scaleRules, UnscalableRules } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

function rulesOf(text: string): Record<string, unknown>[] {
  return parse(text, { merge: true }).groups.flatMap((group: { rules: object[] }) => group.rules);
}

describe('a rules file at time scale 10', () => {
  test('keeps every letter but durations, marked numbers and the note of the scale', () => {
    const written = `# for: 5m
groups:
- name:   'a'   # interval: 1m
  interval: "1m"
  rules:

  - alert: A
    expr: >-
      rate(x{a="5m"}[5m])   # over [5m]
        >  300
    for:   2m   # for 2m
    keep_firing_for: '10m'
    labels: {window: 5m,   severity: 'warning'}
    annotations: { summary: "5m" }
`;
    expect(scaleRules(written, 10)).toBe(`# for: 5m
groups:
- name:   'a'   # interval: 1m
  interval: "6s"
  rules:

  - alert: A
    expr: >-
      rate(x{a="5m"}[30s])   # over [5m]
        >  300
    for:   12s   # for 2m
    keep_firing_for: '1m'
    labels: {window: 5m,   severity: 'warning'}
    annotations: { time_scale: "10", summary: "5m" }
`);
  });

  test('is followed through aliases and merges, each duration divided once', () => {
    const scaled = scaleRules(
      `groups:
  - name: a
    rules:
      - &first
        alert: A
        expr: &expression rate(x[5m]) > 1
        for: &wait 2m
        annotations: &texts
          summary: s
      - <<: *first
        alert: B
        keep_firing_for: *wait
      - alert: C
        expr: *expression
        for: *wait
        annotations: *texts
      - *first
  - &group
    name: b
    interval: 1m
    rules: &rules
      - record: r
        expr: rate(x[1m])
  - <<: *group
    name: c
  - name: d
    rules: *rules
`,
      10,
    );
    const common = { expr: 'rate(x[30s]) > 1', for: '12s', annotations: { summary: 's', time_scale: '10' } };
    expect(rulesOf(scaled)).toEqual([
      { alert: 'A', ...common },
      { alert: 'B', ...common, keep_firing_for: '12s' },
      { alert: 'C', ...common },
      { alert: 'A', ...common },
      ...Array(3).fill({ record: 'r', expr: 'rate(x[6s])' }),
    ]);
    expect(
      parse(scaled, { merge: true }).groups.map(({ interval }: { interval?: string }) => interval),
    ).toEqual([undefined, '6s', '6s', undefined]);
  });

  test('divides an alias of what is a label in its own place, and leaves the label', () => {
    const scaled = scaleRules(
      'groups: [{ name: a, rules: [{ alert: A, expr: up, labels: { window: &w 5m }, for: *w }] }]',
      10,
    );
    expect(rulesOf(scaled)).toEqual([{ alert: 'A', expr: 'up', labels: { window: '5m' }, for: '30s' }]);
  });

  test('keeps what is no duration: an expression that is a number, and no wait at all', () => {
    const written =
      'groups: [{ name: a, rules: [{ alert: A, expr: 1, for: 0 }, { record: b, expr: "1", for: "0" }] }]';
    expect(scaleRules(written, 10)).toBe(written);
  });

  test('reads the first document of a text, as Prometheus does', () => {
    const scaled = scaleRules(
      'groups: [{ name: a, rules: [{ record: r, expr: "x[1m]" }] }]\n---\nfor: 5m\n',
      10,
    );
    expect(scaled).toBe('groups: [{ name: a, rules: [{ record: r, expr: "x[6s]" }] }]\n---\nfor: 5m\n');
  });

  test('scales the expressions that templates ask for, and no other text of theirs', () => {
    const [rule] = rulesOf(
      scaleRules(
        `groups:
  - name: a
    rules:
      - alert: A
        expr: up
        labels:
          top: '{{ with query "topk(1, rate(x[5m]))" }}{{ . | first | value }}{{ end }}'
        annotations:
          description: >-
            Over [5m]: {{ query "rate(x{a=\\"b\\"}[5m])" | first | value }} and
            {{ query ${'`rate(y[1m])`'} | first | value }}; query "rate(z[5m])".
          summary: '{{ printf "rate(x{j=''%s''}[5m])" $labels.job | query | first | value }}'
`,
        10,
      ),
    );
    expect(rule).toMatchObject({
      labels: { top: '{{ with query "topk(1, rate(x[30s]))" }}{{ . | first | value }}{{ end }}' },
      annotations: {
        description:
          'Over [5m]: {{ query "rate(x{a=\\"b\\"}[30s])" | first | value }} and {{ query `rate(y[6s])` | first | value }}; query "rate(z[5m])".',
        summary: `{{ printf "rate(x{j='%s'}[5m])" $labels.job | query | first | value }}`,
      },
    });
  });

  test('gives subqueries their step where the evaluation interval cannot be divided', () => {
    const file = 'groups: [{ name: a, rules: [{ record: r, expr: "max_over_time(x[1h:])" }] }]';
    expect(scaleRules(file, 10)).toContain('[6m:500ms]');
    expect(scaleRules(file, 10, { evaluationInterval: '30s' })).toContain('[6m:]');
  });
});

describe('rules that cannot run faster', () => {
  const files = new Map([
    [
      'shop.yml',
      `groups:
  - name: shop
    rules:
      - record: shop:errors:rate30s
        expr: rate(shop_errors_total[30s])
      - record: shop:errors:doubled
        expr: shop:errors:rate30s * 2
      - alert: ShopDown
        expr: |
          time() - shop_seen > 300 # scale: duration
        for: 1m
`,
    ],
    ['other.yml', 'groups: [{ name: b, rules: [{ alert: Errors, expr: "shop:errors:doubled > 1" }] }]'],
  ]);

  test('are left out and named with file, rule and reason, and so is what reads their series', () => {
    const { files: scaled, refused } = scaleRuleFiles(files, 10);
    expect(refused).toEqual([
      {
        file: 'shop.yml',
        rule: 'shop:errors:rate30s',
        factor: 10,
        reason: 'range 3s holds fewer than 4 scrapes',
      },
      {
        file: 'shop.yml',
        rule: 'shop:errors:doubled',
        factor: 10,
        reason: 'it reads shop:errors:rate30s, which is left out',
      },
      {
        file: 'other.yml',
        rule: 'Errors',
        factor: 10,
        reason: 'it reads shop:errors:doubled, which is left out',
      },
    ]);
    expect(rulesOf(scaled.get('shop.yml') ?? '')).toEqual([
      { alert: 'ShopDown', expr: 'time() - shop_seen > 30 # scale: duration\n', for: '6s' },
    ]);
    expect(rulesOf(scaled.get('other.yml') ?? '')).toEqual([]);
  });

  test('do not take with them what another rule records too', () => {
    const more = new Map([
      ...files,
      ['more.yml', 'groups: [{ name: c, rules: [{ record: "shop:errors:rate30s", expr: "x" }] }]'],
    ]);
    expect(scaleRuleFiles(more, 10).refused.map(({ rule }) => rule)).toEqual(['shop:errors:rate30s']);
  });

  test.each([
    ['a PromQL that is not known here', 'x ~~ 5', '', /not a PromQL expression/],
    ['a wait that is none', 'up', 'for: 5 minutes', /expected a Prometheus duration.*"5 minutes"/],
    ['a wait that is a number', 'up', 'for: 300', /expected a Prometheus duration.*"300"/],
    ['steps multiplied', 'rate(x[step() * step()])', '', /not divided/],
    ['an unknown mark', '"x > 1 # scale: bytes"', '', /expected "# scale: duration"/],
  ])('%s', (_, expr, more, reason) => {
    const file = `groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: ${expr}\n        ${more}\n`;
    const { refused, files: left } = scaleRuleFiles(new Map([['a.yml', file]]), 10);
    expect(refused).toEqual([
      { file: 'a.yml', rule: 'A', factor: 10, reason: expect.stringMatching(reason) },
    ]);
    expect(rulesOf(left.get('a.yml') ?? '')).toEqual([]);
    expect(() => scaleRules(file, 10)).toThrow(UnscalableRules);
  });

  test('a file that is no rules file is named', () => {
    expect(() => scaleRuleFiles(new Map([['a.yml', '- a']]), 10)).toThrow(/^a\.yml: expected a rules file/);
    expect(() =>
      scaleRuleFiles(new Map([['a.yml', 'groups: [{ name: g, interval: soon, rules: [] }]']]), 10),
    ).toThrow(/^a\.yml: .*"soon"/);
  });
});
