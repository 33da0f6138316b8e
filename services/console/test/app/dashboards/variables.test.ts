// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Grafana writes variables
import { describe, expect, it } from 'vitest';
import { interpolate } from '../../../src/app/dashboards/model/interpolate.ts';
import {
  ALL,
  builtInScope,
  chosenValues,
  customOptions,
  parseVariableQuery,
  readVariables,
  scopeValue,
  toOptions,
  type Variable,
  writeQueryResult,
} from '../../../src/app/dashboards/model/variables.ts';

const read = (source: object): Variable => {
  const [variable] = readVariables({
    list: [{ name: 'route', type: 'query', query: 'label_values(x, route)', ...source }],
  });
  if (!variable) throw new Error('expected a variable');
  return variable;
};
const options = (...values: string[]) => values.map((value) => ({ text: value, value }));

describe('queries of variables', () => {
  it.each([
    ['label_values(route)', { kind: 'label_values', label: 'route', selector: undefined }],
    [
      'label_values(up{job="a,b"}, instance)',
      { kind: 'label_values', label: 'instance', selector: 'up{job="a,b"}' },
    ],
    ['label_names()', { kind: 'label_names' }],
    ['metrics(http_.*)', { kind: 'metrics', pattern: 'http_.*' }],
    ['query_result(sum by (job) (up))', { kind: 'query_result', expr: 'sum by (job) (up)' }],
    ['label_values(up, bad label)', { kind: 'unknown' }],
    ['kube_pod_info{job="x"}', { kind: 'series', selector: 'kube_pod_info{job="x"}' }],
    ['  ', { kind: 'unknown' }],
  ])('understands %j', (query, parsed) => {
    expect(parseVariableQuery(query)).toEqual(parsed);
  });
  it('reads the newer form of a query, an object', () => {
    expect(read({ query: { query: 'label_values(up, job)', refId: 'x' } }).query).toBe(
      'label_values(up, job)',
    );
  });
});

describe('options', () => {
  it('picks by the regex’s group, drops doubles and what does not match, sorts', () => {
    const variable = read({ regex: '/^v(\\d+)/', sort: 4 });
    expect(toOptions(variable, ['v2 a', 'v10', 'v2 b', 'x']).map(({ value }) => value)).toEqual(['10', '2']);
  });
  it('takes text and value from named groups', () => {
    const variable = read({ regex: '/(?<text>\\w+)\\{.*job="(?<value>[^"]+)"/' });
    const line = writeQueryResult({ __name__: 'up', job: 'api' }, 1, 5);
    expect(toOptions(variable, [line])).toEqual([{ text: 'up', value: 'api' }]);
  });
  it('splits custom values at commas that are not escaped, with texts before colons', () => {
    expect(customOptions('a, Slow : 10, b\\,c')).toEqual([
      { text: 'a', value: 'a' },
      { text: 'Slow', value: '10' },
      { text: 'b,c', value: 'b,c' },
    ]);
  });
});

describe('the choice', () => {
  const multi = read({ multi: true, includeAll: true, current: { value: ['/b'] } });
  it('follows the address, then the file, then everything', () => {
    expect(chosenValues(multi, options('/a', '/b'), ['/a'])).toEqual(['/a']);
    expect(chosenValues(multi, options('/a', '/b'), [])).toEqual(['/b']);
    expect(chosenValues(multi, options('/a'), [])).toEqual([ALL]);
    expect(chosenValues(multi, options('/a'), ['/gone'])).toEqual([ALL]);
    expect(chosenValues(multi, options('/a', '/b'), ['All'])).toEqual([ALL]);
  });
  it('takes one value where only one is allowed', () => {
    expect(chosenValues(read({}), options('/a', '/b'), ['/b', '/a'])).toEqual(['/b']);
    expect(chosenValues(read({}), [], [])).toEqual([]);
  });
  it('stands for every option, or for what the file says All means', () => {
    expect(scopeValue(multi, options('/a', '/b'), [ALL])).toEqual(['/a', '/b']);
    expect(scopeValue(read({ multi: true, includeAll: true, allValue: '.*' }), options('/a'), [ALL])).toBe(
      '.*',
    );
    expect(scopeValue(multi, [], [ALL])).toEqual([]);
  });
});

describe('interpolation', () => {
  const scope = {
    route: ['/api/v1/tasks/:id', '/a.b'],
    one: ['/a.b'],
    job: 'x"y',
    __interval: '10s',
    '__field.labels.route': '/x y',
  };
  it.each([
    ['{route=~"$route"}', '{route=~"(/api/v1/tasks/:id|/a\\\\.b)"}'],
    ['{route=~"${route}"}', '{route=~"(/api/v1/tasks/:id|/a\\\\.b)"}'],
    ['{route=~"[[one]]"}', '{route=~"/a\\\\.b"}'],
    ['{job="$job"}', '{job="x\\"y"}'],
    ['rate(x[$__interval])', 'rate(x[10s])'],
    ['${route:csv} ${route:pipe}', '/api/v1/tasks/:id,/a.b /api/v1/tasks/:id|/a.b'],
    ['$unknown ${unknown:csv}', '$unknown ${unknown:csv}'],
  ])('writes %j into a query as %j', (source, text) => {
    expect(interpolate(source, scope, 'promql')).toBe(text);
  });
  it.each([
    ['regex', '(\\/a\\.b|c d)', '\\/a\\.b', '()'],
    ['pipe', '/a.b|c d', '/a.b', ''],
    ['csv', '/a.b,c d', '/a.b', ''],
    ['raw', '/a.b,c d', '/a.b', ''],
    ['join:; ', '/a.b; c d', '/a.b', ''],
    ['distributed', '/a.b,x=c d', '/a.b', ''],
    ['glob', '{/a.b,c d}', '/a.b', ''],
    ['json', '["/a.b","c d"]', '/a.b', '[]'],
    ['lucene', '("\\/a.b" OR "c\\ d")', '\\/a.b', '__empty__'],
    ['singlequote', "'/a.b','c d'", "'/a.b'", ''],
    ['doublequote', '"/a.b","c d"', '"/a.b"', ''],
    ['sqlstring', "'/a.b','c d'", "'/a.b'", ''],
    ['percentencode', '%7B%2Fa.b%2Cc%20d%7D', '%2Fa.b', '%7B%7D'],
    ['uriencode', '%7B/a.b,c%20d%7D', '/a.b', '%7B%7D'],
    ['queryparam', 'var-x=%2Fa.b&var-x=c%20d', 'var-x=%2Fa.b', ''],
    ['customqueryparam:p:q-', 'p=q-%2Fa.b&p=q-c%20d', 'p=q-%2Fa.b', ''],
    ['html', '/a.b, c d', '/a.b', ''],
    ['text', '/a.b + c d', '/a.b', ''],
  ])('writes several values, one and none as %s', (format, several, one, none) => {
    const write = (x: string | string[]) => interpolate(`\${x:${format}}`, { x }, 'promql');
    expect([write(['/a.b', 'c d']), write('/a.b'), write([])]).toEqual([several, one, none]);
  });
  it('writes moments as asked for', () => {
    const at = { from: '1795902957255' };
    const write = (format: string) => interpolate(`\${from:${format}}`, at, 'text');
    expect(['date', 'date:iso', 'date:seconds', 'date:ms', 'date:YYYY-MM-DD HH:mm'].map(write)).toEqual([
      '2026-11-28T21:55:57.255Z',
      '2026-11-28T21:55:57.255Z',
      '1795902957',
      '1795902957255',
      '2026-11-28 21:55',
    ]);
  });
  it('matches nothing where a variable that may hold several has no options', () => {
    expect(interpolate('up{job=~"$none"} up{job=~"${none:regex}"}', { none: [] }, 'promql')).toBe(
      'up{job=~"()"} up{job=~"()"}',
    );
  });
  it('encodes for addresses and joins for people', () => {
    expect(
      interpolate('/logs?q=${__field.labels.route:percentencode}&${route:queryparam}', scope, 'url'),
    ).toBe('/logs?q=%2Fx%20y&var-route=%2Fapi%2Fv1%2Ftasks%2F%3Aid&var-route=%2Fa.b');
    expect(interpolate('Rate of $route', scope, 'text')).toBe('Rate of /api/v1/tasks/:id + /a.b');
  });
  it('gives built-in durations as Prometheus reads them', () => {
    const builtIn = builtInScope({
      fromMs: 0,
      toMs: 1_800_000,
      stepSeconds: 5,
      rateIntervalSeconds: 20,
      dashboard: 'x',
    });
    expect(interpolate('[$__rate_interval] [$__range] $__range_s ${__from}', builtIn, 'promql')).toBe(
      '[20s] [1800s] 1800 0',
    );
  });
});
