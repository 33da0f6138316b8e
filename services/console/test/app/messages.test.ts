import { describe, expect, it } from 'vitest';
import { matchersFor, parseMatchers, writeMatchers } from '../../src/app/alerts/matchers.ts';
import { parseMrkdwn } from '../../src/app/inbox/mrkdwn.ts';
import { fillTemplate, safeTarget } from '../../src/app/links/target.ts';

describe('silence matchers', () => {
  it('reads what a notification’s Silence link carries', () => {
    expect(parseMatchers('alertname="HighErrorRate",service="taskmanager-api"')).toEqual([
      { name: 'alertname', value: 'HighErrorRate', isRegex: false, isEqual: true },
      { name: 'service', value: 'taskmanager-api', isRegex: false, isEqual: true },
    ]);
  });
  it.each(['a="b"', 'a=~"b|c", d!="e"', 'a!~".+", b=""', 'a="say \\"no\\", \\\\ and comma,"'])(
    'writes and reads %s back',
    (text) => {
      expect(writeMatchers(parseMatchers(text) ?? [])).toBe(text);
    },
  );
  it.each(['', 'a', 'a=', '="b"', 'a="b" c="d"', 'a="unclosed', '1a="b"', 'a=="b"'])(
    'refuses or empties %j, never throws',
    (text) => {
      const parsed = parseMatchers(text);
      if (text === 'a=') expect(parsed).toEqual([{ name: 'a', value: '', isRegex: false, isEqual: true }]);
      else expect(parsed).toBeUndefined();
    },
  );
  it('silences what an alert is, not the place where it was seen', () => {
    expect(writeMatchers(matchersFor({ alertname: 'X', instance: '127.0.0.1:1', service: 'api' }))).toBe(
      'alertname="X", service="api"',
    );
  });
});

describe('Slack text', () => {
  const kinds = (text: string) => parseMrkdwn(text).map((piece) => `${piece.kind}:${piece.text}`);
  it('reads bold, italic, code and links', () => {
    expect(kinds('*now* _or_ `never` <http://a.b/c|here> end')).toEqual([
      'bold:now',
      'text: ',
      'italic:or',
      'text: ',
      'code:never',
      'text: ',
      'link:here',
      'text: end',
    ]);
  });
  it('leaves signs inside words and sums alone', () => {
    expect(kinds('2*3*4 and snake_case_name')).toEqual(['text:2*3*4 and snake_case_name']);
  });
  it.each([
    '<script>alert(1)</script>',
    '<javascript:alert(1)|x>',
    '<img src=x onerror=alert(1)>',
    '</script|x>',
  ])('keeps %s as text', (text) => {
    expect(parseMrkdwn(text)).toEqual([{ kind: 'text', text }]);
  });
  it('undoes Slack’s three escapes once', () => {
    expect(kinds('&lt;b&gt; &amp;lt;')).toEqual(['text:<b> &lt;']);
  });
});

describe('links', () => {
  const here = { dashboards: true, origin: 'http://127.0.0.1:8000' };
  it.each([
    ['/dashboards/application', '/dashboards/application', true],
    ['/d/application/some-slug?from=now-1h', '/dashboards/application?from=now-1h', true],
    ['http://127.0.0.1:8000/runbooks/X', '/runbooks/X', true],
    ['http://localhost:8000/alerts?silence=a', '/alerts?silence=a', true],
    ['http://127.0.0.1:8000/traces?service=x', '/traces?service=x', true],
    ['http://127.0.0.1:3000/d/application', '/dashboards/application', true],
    ['http://127.0.0.1:9090/alerts', 'http://127.0.0.1:9090/alerts', false],
    ['https://example.org/logs', 'https://example.org/logs', false],
    ['/api/openapi.json', '/api/openapi.json', false],
  ])('leads %s to %s', (url, href, internal) => {
    expect(safeTarget(url, here)).toEqual({ href, internal });
  });
  it('knows its own written address also where it listens on another port', () => {
    expect(
      safeTarget('http://127.0.0.1:8000/runbooks/X', { dashboards: true, origin: 'http://127.0.0.1:45383' }),
    ).toEqual({
      href: '/runbooks/X',
      internal: true,
    });
    expect(
      safeTarget('http://127.0.0.1:9090/alerts', { dashboards: true, origin: 'http://127.0.0.1:45383' })
        ?.internal,
    ).toBe(false);
  });
  it('leaves Grafana’s dashboards to Grafana in full mode', () => {
    expect(safeTarget('http://127.0.0.1:3000/d/application', { ...here, dashboards: false })).toEqual({
      href: 'http://127.0.0.1:3000/d/application',
      internal: false,
    });
  });
  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,x',
    '//example.org/x',
    '/\\example.org',
    'mailto:a@b',
    'ftp://x',
    '',
    'http://',
  ])('does not follow %j', (url) => {
    expect(safeTarget(url, here)).toBeUndefined();
  });
  it('encodes what it puts into a template', () => {
    expect(fillTemplate('/logs?q={query}&x={unknown}', { query: 'a:"b c"&d' })).toBe(
      '/logs?q=a%3A%22b%20c%22%26d&x={unknown}',
    );
  });
});
