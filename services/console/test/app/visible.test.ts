import { expect, it } from 'vitest';
import { visible } from '../../src/app/format/visible.ts';

it.each([
  ['rlo \u202e <gnp.exe', 'rlo \\u202e <gnp.exe'],
  ['\u2066isolated\u2069 \u200bzero', '\\u2066isolated\\u2069 \\u200bzero'],
  ['\u001b[31mred', '\\u001b[31mred'],
  ['two\nlines\tand a tab, שלום', 'two\nlines\tand a tab, שלום'],
])('shows %j as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});
