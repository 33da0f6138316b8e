import { describe, expect, test } from 'vitest';
import { rulesOf } from '../../src/recordings/rule-set.ts';
import { planOf } from '../../src/rehearsal/plan.ts';

const RULES = `groups:
  - name: g
    rules:
      - record: a:rate
        expr: rate(requests_total[1m])
      - record: b:ratio
        expr: a:rate / ignoring (x) up
      - record: c:other
        expr: rate(other_total[1m])
      - alert: OnRatio
        expr: b:ratio > 1
      - alert: OnOther
        expr: c:other > 1
        annotations: { summary: 'now {{ with query "a:rate" }}{{ . | first | value }}{{ end }}' }
      - alert: OnPattern
        expr: '{__name__=~"c:.*"} > 1'
`;

const read = (text: string) => rulesOf(new Map([['rules.yml', text]]), { speed: 1, evaluationMs: 1000 });
const plan = (edit: (text: string) => string) => planOf(read(RULES), read(edit(RULES)));

describe('what an edit touches', () => {
  test('is nothing where only blanks and the places of rules change', () => {
    const { touched, records, removed } = plan((text) => text.replace('b:ratio > 1', 'b:ratio   >  1'));
    expect([[...touched], records, removed]).toEqual([[], [], []]);
  });

  test('is the alert itself where its threshold, time or text changes', () => {
    expect([...plan((text) => text.replace('b:ratio > 1', 'b:ratio > 2')).touched]).toEqual(['OnRatio']);
    expect([...plan((text) => text.replace("summary: 'now", "summary: 'then")).touched]).toEqual(['OnOther']);
  });

  test('is everything that reads a recorded series, through others and in texts, each series before its readers', () => {
    const { touched, records } = plan((text) => text.replace('requests_total[1m]', 'requests_total[2m]'));
    expect(records.map(({ name }) => name)).toEqual(['a:rate', 'b:ratio']);
    expect([...touched].sort()).toEqual(['OnOther', 'OnPattern', 'OnRatio']);
  });

  test('names alerts that are no longer there', () => {
    const { removed } = plan((text) => text.replace(/ {6}- alert: OnPattern[\s\S]*/, ''));
    expect(removed).toEqual(['OnPattern']);
  });
});
