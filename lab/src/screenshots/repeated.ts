/** Browsers without a graphics card now and then paint a page made taller as its beginning, again and again. */
import sharp from 'sharp';

/** High enough to hold more than a bar or a margin, which may well come twice. */
const BEGINNING = 100;

/** @returns whether a PNG's first hundred rows come again, pixel by pixel, further down; one colour alone says nothing. */
export async function showsItsBeginningTwice(png: Buffer): Promise<boolean> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const row = info.width * info.channels;
  const beginning = data.subarray(0, BEGINNING * row);
  const isPlain = beginning.subarray(info.channels).equals(beginning.subarray(0, -info.channels));
  if (isPlain) return false;
  for (let at = beginning.length; at + beginning.length <= data.length; at += row)
    if (beginning.equals(data.subarray(at, at + beginning.length))) return true;
  return false;
}
