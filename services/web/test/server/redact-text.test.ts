import { expect, test } from 'vitest';
import { redactText } from '../../src/server/intake/redact-text.ts';

test.each([
  ['password=hunter2 rest', 'password=[redacted] rest'],
  ['{"password":"hunter2","a":1}', '{"password":[redacted],"a":1}'],
  ['newPassword: hunter2', 'newPassword: [redacted]'],
  ['Authorization: Bearer abc.def-123', 'Authorization: [redacted] [redacted]'],
  ['sent Basic dXNlcjpwYXNz to it', 'sent Basic [redacted] to it'],
  ['cookie: taskmanager.sid=s%3Aabc.def', 'cookie: [redacted]'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln end', 'jwt [redacted] end'],
  ['mail eve.adams+x@mail.example.org now', 'mail [e-mail] now'],
  ['GET http://127.0.0.1/tasks?q=my+illness failed', 'GET http://127.0.0.1/tasks?[redacted] failed'],
  ['at http://user:pass@host/x.js:1:2', 'at http://host/x.js:1:2'],
  ['TypeError: x is not a function', 'TypeError: x is not a function'],
])('%o becomes %o', (text, redacted) => {
  expect(redactText(text, 500)).toBe(redacted);
});

test('a text that is too long is cut and says so', () => {
  expect(redactText('abcdefghij', 5)).toBe('abcd…');
});

test('a secret that lies across the cut does not show its beginning', () => {
  expect(redactText(`${'x'.repeat(490)} password=hunter2hunter2`, 500)).not.toContain('hunter');
});

test.each([
  'a',
  'a.',
  'http://',
  'eyJ',
  '-eyJ',
  'password',
  'token="',
  '@',
  'a@',
  'a@a.',
  'Bearer ',
  '?',
  '\\',
])('repetitions of %o cost no more than other texts', (part) => {
  // Linear time shows as finishing at all: what is quadratic or worse takes minutes for this.
  const text = part.repeat(200_000);
  for (let index = 0; index < 20; index += 1) redactText(text, 4000);
});
