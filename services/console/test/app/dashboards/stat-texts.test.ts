import { expect, it } from 'vitest';
import { shownTexts } from '../../../src/app/dashboards/model/stat-texts.ts';

it.each([
  ['name', 1, ['name']],
  ['value', 3, ['value']],
  ['value_and_name', 1, ['name', 'value']],
  ['none', 2, []],
  ['auto', 1, ['value']],
  ['auto', 2, ['name', 'value']],
  ['unheard of', 1, ['value']],
])('text mode %s with %i values shows %j', (mode, count, shown) => {
  expect(shownTexts(mode, count)).toEqual(shown);
});
