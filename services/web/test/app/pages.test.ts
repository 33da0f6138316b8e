import { expect, test } from 'vitest';
import { OTHER_PAGE, PAGE_TEMPLATES, pageOf } from '../../src/shared/pages.ts';

test.each([
  ['/', '/'],
  ['/login', '/login'],
  ['/tasks/new', '/tasks/new'],
  ['/tasks/5f0c', '/tasks/:id'],
  ['/tasks/:id', '/tasks/:id'],
  ['/tasks/a/b', 'other'],
  ['/tasks/', 'other'],
  ['/wp-admin.php', 'other'],
  ['', 'other'],
])('the page at %o is labelled %o', (path, template) => {
  expect(pageOf(path)).toBe(template);
});

test('10,000 random paths give no label outside the fixed set', () => {
  const labels = new Set(Array.from({ length: 10_000 }, (_, index) => pageOf(`/${Math.random()}/${index}`)));
  expect(labels).toEqual(new Set([OTHER_PAGE]));
  expect(PAGE_TEMPLATES).toContain(OTHER_PAGE);
});
