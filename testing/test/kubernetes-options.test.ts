import { CannotRun } from '@lab/cli';
import { expect, test } from 'vitest';
import { GROUPS, readOptions } from '../kubernetes/options.ts';

test('everything is tried unless something else is said, and is whole only with experiments on a cluster of its own', () => {
  expect(readOptions([])).toMatchObject({ groups: GROUPS, lines: 20_000, whole: false });
  expect(readOptions(['--chaos', 'core']).whole).toBe(true);
  expect(readOptions(['--chaos', 'core', '--context', 'kind-lab']).whole).toBe(false);
  expect(readOptions(['--chaos', 'core', '--lines', '100']).whole).toBe(false);
});

test('groups are chosen by name, in their own order', () => {
  expect(readOptions(['--only', 'logs,signals']).groups).toEqual(['signals', 'logs']);
  expect(readOptions(['--quick']).groups).not.toContain('updates');
});

test.each([
  [['--only', 'sginals'], /--only sginals: expected some of signals, manifests/],
  [['--quick', '--only', 'logs'], /exclude each other/],
  [['--lines', 'many'], /--lines many: expected a whole number/],
  [['--slow'], /slow/],
])('%j is refused with what was expected', (args, message) => {
  expect(() => readOptions(args)).toThrow(CannotRun);
  expect(() => readOptions(args)).toThrow(message);
});
