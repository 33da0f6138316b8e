import { expect, test } from 'vitest';
import type { Panel } from '../src/build/panel.ts';
import { place } from '../src/build/place.ts';

const panel = (title: string, width: number, height = 8): Panel => ({
  title,
  about: { shows: '', normal: '', act: '' },
  queries: [],
  width,
  height,
  build: () => {
    throw new Error('not built in this test');
  },
});

test('panels stand beside each other, as high as the highest of their line', () => {
  const { places, bottom } = place([panel('a', 12, 8), panel('b', 12, 6), panel('c', 24, 5)], 3);
  expect(places).toEqual([
    { x: 0, y: 3, w: 12, h: 8 },
    { x: 12, y: 3, w: 12, h: 8 },
    { x: 0, y: 11, w: 24, h: 5 },
  ]);
  expect(bottom).toBe(16);
});

test('a line with a hole is refused, and named', () => {
  expect(() => place([panel('a', 12), panel('b', 6)], 0)).toThrow('ends with "b" fills 18 of 24');
  expect(() => place([panel('a', 12), panel('b', 24)], 0)).toThrow('ends with "a" fills 12 of 24');
});
