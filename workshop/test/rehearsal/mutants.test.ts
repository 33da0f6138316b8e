import { readAlerts, readRules } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';
import { mutantsOf } from '../../src/rehearsal/mutants.ts';

const RULES = new Map([
  [
    'a.yml',
    `groups:
  - name: a
    rules:
      - record: a:rate
        expr: rate(requests_total{job="api"}[5m])
      - alert: Busy
        expr: |
          sum by (job) (rate(requests_total{job="api"}[5m])) > 0.5 # scale: rate
        for: 2m
        labels: { severity: info }
        annotations: { summary: 'job="api" is busy, over 0.5' }
      - alert: Gone
        expr: absent(up)
        labels: { severity: info }
`,
  ],
]);

describe('mutants', () => {
  test('have one fault each, in the expression or in `for`, and leave the other rules alone', () => {
    const changed = mutantsOf(RULES).map(({ alert, fault, rules }) => {
      const before = (RULES.get('a.yml') ?? '').split('\n');
      const after = (rules.get('a.yml') ?? '').split('\n');
      return [alert, fault, after.filter((line, index) => line !== before[index]).map((line) => line.trim())];
    });
    expect(changed).toEqual([
      ['Busy', 'threshold', ['sum by (job) (rate(requests_total{job="api"}[5m])) > 2.5 # scale: rate']],
      ['Busy', 'label', ['sum by (job) (rate(requests_total{job_misspelt="api"}[5m])) > 0.5 # scale: rate']],
      ['Busy', 'for', ['for: 20m']],
      ['Busy', 'metric', ['sum by (job) (rate(requests_total_misspelt{job="api"}[5m])) > 0.5 # scale: rate']],
      ['Gone', 'metric', ['expr: absent(up_misspelt)']],
    ]);
  });

  test('are made of every alert of the lab that reads a series', () => {
    const mutated = new Set(mutantsOf(readRules()).map(({ alert }) => alert));
    expect(
      readAlerts()
        .filter(({ name }) => !mutated.has(name))
        .map(({ name }) => name),
    ).toEqual(['Watchdog']);
  });
});
