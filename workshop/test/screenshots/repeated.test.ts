import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { showsItsBeginningTwice } from '../../src/screenshots/repeated.ts';

const WIDTH = 320;

/** A page drawn as SVG: a heading at each of the given heights, and rows of text that differ below. */
function page(headings: readonly number[], height = 900): Sharp {
  const drawn = headings.map((y) => `<rect y="${y}" width="${WIDTH}" height="60" fill="navy"/>`);
  const rows = headings.map((y, at) => `<rect x="${20 * at}" y="${y + 70}" width="50" height="20"/>`);
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}"><rect width="100%" height="100%" fill="white"/>${drawn}${rows}</svg>`,
    ),
  );
}

test('a page painted as its beginning again is told from a page', async () => {
  const once = await page([0], 300).png().toBuffer();
  const again = await page([0], 900)
    .composite([{ input: once, top: 300, left: 0 }])
    .png()
    .toBuffer();
  expect(await showsItsBeginningTwice(again)).toBe(true);
  expect(await showsItsBeginningTwice(await page([0]).png().toBuffer())).toBe(false);
});

test('a repetition that the end of the picture cuts off is one', async () => {
  const cut = await page([0], 360)
    .composite([
      {
        input: await page([0], 80).png().toBuffer(),
        top: 280,
        left: 0,
      },
    ])
    .png()
    .toBuffer();
  expect(await showsItsBeginningTwice(cut)).toBe(true);
});

test('the same bar further down with something else below it is a page like any other', async () => {
  expect(await showsItsBeginningTwice(await page([0, 300, 600]).png().toBuffer())).toBe(false);
});

test('an empty page and a page shorter than its beginning are not judged', async () => {
  expect(await showsItsBeginningTwice(await page([]).png().toBuffer())).toBe(false);
  expect(await showsItsBeginningTwice(await page([0], 80).png().toBuffer())).toBe(false);
});
