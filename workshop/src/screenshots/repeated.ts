/** Browsers without a graphics card now and then paint a page made taller as its beginning, again and again. */
import sharp from 'sharp';

/** Rows that are compared: more than a bar or a margin, which may well come twice. */
const MOST = 100;
/** Cut off by the picture's end, the last repetition shows no more than this: still deep enough to reach into the first words. */
const LEAST = 40;

/** @returns whether a PNG's first rows come again, pixel by pixel, further down; rows that are all alike say nothing. */
export async function showsItsBeginningTwice(png: Buffer): Promise<boolean> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const row = info.width * info.channels;
  for (let at = LEAST * row; at + LEAST * row <= data.length; at += row) {
    const length = Math.min(MOST * row, at, data.length - at);
    const beginning = data.subarray(0, length);
    if (!beginning.equals(data.subarray(at, at + length))) continue;
    const isPlain = beginning.subarray(row).equals(beginning.subarray(0, -row));
    if (!isPlain) return true;
  }
  return false;
}
