import { expect, test } from 'vitest';
import { filterFromSearch, filterToSearch, isFiltered } from '../../src/app/tasks/task-filter.ts';

test('a filter survives the way through the address', () => {
  const filter = { status: 'open', q: 'milk & "fresh bread" -eggs' } as const;
  expect(filterFromSearch(new URLSearchParams(filterToSearch(filter).toString()))).toEqual(filter);
});

test('an unknown status and an endless search in the address are not believed', () => {
  const filter = filterFromSearch(new URLSearchParams({ status: 'archived', q: 'x'.repeat(5000) }));
  expect(filter).toEqual({ q: 'x'.repeat(200) });
});

test('a search of blanks is no search', () => {
  expect(filterToSearch({ q: '   ' }).toString()).toBe('');
  expect(isFiltered({ q: '   ' })).toBe(false);
  expect(isFiltered({ status: 'completed', q: '' })).toBe(true);
});
