import { describe, expect, it } from 'vitest';
import { encodeFields } from '../src/logging/encode.ts';
import { isSecretKey, redactQuery, redactText } from '../src/logging/redaction.ts';

const SECRET = 'hunter2hunter2';

describe('keys whose values are secrets', () => {
  it.each([
    'password',
    'newPassword',
    'PASSWORD_CONFIRMATION',
    'passwd',
    'pwd',
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'set-cookie',
    'http.request.headers.cookie',
    'token',
    'accessToken',
    'x-csrf-token',
    'apiKey',
    'X-API-Key',
    'client_secret',
    'sessionSecret',
    'taskmanager.sid',
    'jwt',
    'privateKey',
    'DATABASE_URL',
  ])('%s', (key) => expect(isSecretKey(key)).toBe(true));

  it.each([
    'task.id',
    'message',
    'trace.id',
    'user.email',
    'title',
    'author',
    'passed',
    'http.route',
    'consider',
  ])('not %s', (key) => expect(isSecretKey(key)).toBe(false));
});

describe('secrets inside text', () => {
  it.each([
    `Authorization: Bearer ${SECRET}`,
    `authorization=Basic ${SECRET}`,
    `{"authorization":"Bearer ${SECRET}"}`,
    `Cookie: theme="dark"; taskmanager.sid=${SECRET}; a=b`,
    `set-cookie: sid=s%3A${SECRET}; Path=/; HttpOnly`,
    `{"cookie":"a=b; c=${SECRET}"}`,
    `failed for password=${SECRET}&x=1`,
    `{"password":"${SECRET}"}`,
    `{\\"password\\":\\"${SECRET}\\"}`,
    `{'password': '${SECRET}'}`,
    `newPassword: ${SECRET}`,
    `access_token=${SECRET}`,
    `postgres://taskmanager:${SECRET}@127.0.0.1:5432/db`,
    `eyJhbGciOiJIUzI1NiJ9.${SECRET}.abc-def`,
    `the value was eyJhbGciOiJIUzI1NiJ9.${SECRET}`,
    `Error: bad password = "${SECRET}" in line 3\n    at x (y.ts:1:1)`,
    `https://example.org/reset?token=${SECRET}#top`,
  ])('%s', (text) => {
    expect(redactText(text)).not.toContain(SECRET);
    expect(redactText(text)).toContain('[redacted]');
    expect(redactText(redactText(text))).toBe(redactText(text));
  });

  it.each(['task 42 done', 'a token was refused', 'https://example.org/a@b', 'GET /api/v1/tasks/:id 200'])(
    'leaves %s as it is',
    (text) => expect(redactText(text)).toBe(text),
  );

  it('keeps what stands around them', () => {
    expect(redactText(`to postgres://u:${SECRET}@db:5432/x failed`)).toBe(
      'to postgres://[redacted]@db:5432/x failed',
    );
  });

  it('in a query string go by their parameter, also percent-encoded', () => {
    expect(redactQuery(`q=1&pass%77ord=${SECRET}&access_token=${SECRET}&flag`)).toBe(
      'q=1&pass%77ord=[redacted]&access_token=[redacted]&flag',
    );
    expect(redactQuery('q=ann%40example.org&page=2')).toBe('q=[redacted]&page=2');
    expect(redactQuery('q=%40home')).toBe('q=%40home');
    expect(redactQuery(`bad%=1&u=http://a:${SECRET}@b`)).not.toContain(SECRET);
  });

  it.each([
    ['token', 'token'.repeat(20_000)],
    ['secret', 'secret.'.repeat(10_000)],
    ['eyJ', 'eyJ-'.repeat(20_000)],
    ['schemes', 'a.'.repeat(40_000)],
    ['blanks', `token${' '.repeat(100_000)}`],
    ['cookie', 'cookie:'.repeat(10_000)],
  ])('costs no more than its length in a hostile text (%s)', (_name, text) => {
    // Quadratic work would take minutes here and run into the test's limit.
    expect(() => redactText(text)).not.toThrow();
  });
});

describe('fields', () => {
  it('lose secrets at any depth, in arrays and behind toJSON', () => {
    const fields = {
      user: { id: 1, credentials: { anything: SECRET } },
      list: [{ deep: [{ headers: { Authorization: SECRET } }] }],
      later: { toJSON: () => ({ password: SECRET }) },
      note: `Bearer ${SECRET}`,
      cause: new Error(`token=${SECRET}`),
    };
    const text = [...encodeFields(fields, new Map()).values()].join();
    expect(text).not.toContain(SECRET);
    expect(text.match(/redacted/g)?.length).toBeGreaterThanOrEqual(5);
  });
});
