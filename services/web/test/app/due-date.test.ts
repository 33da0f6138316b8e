import { expect, test } from 'vitest';
import { dueState, formatAgo, fromLocalInput, toLocalInput } from '../../src/app/tasks/due-date.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

test.each(['UTC', 'Europe/Berlin', 'America/St_Johns'])(
  'a due date survives the input field in %s',
  (zone) => {
    const before = process.env['TZ'];
    process.env['TZ'] = zone;
    try {
      for (const iso of [
        '2026-12-24T18:00:00.000Z',
        '2026-03-29T00:59:00.000Z',
        '1970-01-02T00:00:00.000Z',
      ]) {
        expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
      }
    } finally {
      process.env['TZ'] = before;
    }
  },
);

test('no date is an empty field, and what is no date is left for the schema to refuse', () => {
  expect(toLocalInput(null)).toBe('');
  expect(fromLocalInput('')).toBeNull();
  expect(fromLocalInput('soon')).toBe('soon');
});

test.each([
  ['2026-11-22T11:59:59.000Z', 'overdue'],
  ['2026-11-23T11:59:00.000Z', 'soon'],
  ['2026-11-24T12:00:00.000Z', 'later'],
])('%s is %s at noon of 22 November', (iso, state) => {
  expect(dueState(iso, NOW)).toBe(state);
});

test.each([
  ['2026-11-22T11:59:30.000Z', 'just now'],
  ['2026-11-22T11:57:00.000Z', '3 minutes ago'],
  ['2026-11-21T11:00:00.000Z', 'yesterday'],
  // A server whose clock is ahead.
  ['2026-11-22T12:00:05.000Z', 'just now'],
])('%s was %s', (iso, text) => {
  expect(formatAgo(iso, NOW)).toBe(text);
});
