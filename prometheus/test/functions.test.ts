import { readAlerts } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';
import { ruleQueries, runbookQueries } from '../src/queries.ts';
import { read } from '../src/repository.ts';
import { readExpression } from './support/selectors.ts';

/** Of what Prometheus 2.42 knows, what means the same in 3. Add to it only what both documents describe alike. */
const FUNCTIONS = new Set([
  'avg_over_time',
  'changes',
  'clamp_min',
  'histogram_quantile',
  'increase',
  'max_over_time',
  'min_over_time',
  'predict_linear',
  'present_over_time',
  'quantile_over_time',
  'rate',
  'round',
  'sum_over_time',
  'absent',
  'time',
  'vector',
  'avg',
  'count',
  'max',
  'min',
  'sum',
]);
/** Template functions of Prometheus 2.42 and of Go. */
const RULE_TEMPLATE = new Set([
  'first',
  'humanizeDuration',
  'humanizePercentage',
  'printf',
  'query',
  'reReplaceAll',
  'value',
  'with',
  'end',
]);
/** Template functions of Alertmanager 0.25 and of Go. */
const MESSAGE_TEMPLATE = new Set([
  'define',
  'else',
  'end',
  'eq',
  'if',
  'index',
  'len',
  'ne',
  'range',
  'reReplaceAll',
  'slice',
  'template',
  'toUpper',
  'urlquery',
  'with',
]);

describe('functions that both versions know', () => {
  test('in expressions of rules and runbooks', () => {
    const used = [...ruleQueries(), ...runbookQueries()].flatMap(
      ({ promql }) => readExpression(promql).functions,
    );
    expect([...new Set(used)].filter((name) => !FUNCTIONS.has(name))).toEqual([]);
  });

  test('in annotations of rules', () => {
    const used = readAlerts().flatMap(({ summary, description }) =>
      templateWords(`${summary} ${description}`),
    );
    expect(used.filter((name) => !RULE_TEMPLATE.has(name))).toEqual([]);
  });

  test('in message templates', () => {
    const used = templateWords(
      read('alertmanager/templates/slack.tmpl').replaceAll(/\{\{\/\*[\s\S]*?\*\/\}\}/g, ''),
    );
    expect([...new Set(used)].filter((name) => !MESSAGE_TEMPLATE.has(name))).toEqual([]);
  });
});

/** Bare words inside `{{ … }}`: functions and keywords; not strings, fields, variables or numbers. */
function templateWords(text: string): string[] {
  return [...text.matchAll(/\{\{(.*?)\}\}/gs)].flatMap(([, action = '']) => {
    const bare = action.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').replaceAll(/[$.][\w.]+/g, '');
    return [...bare.matchAll(/[a-zA-Z]\w*/g)].map((match) => match[0]);
  });
}
