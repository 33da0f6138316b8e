/** Looks into series as they travel. */
import { fieldsOf } from '../remote-storage/protobuf.ts';
import type { RawSeries } from '../remote-storage/read-series.ts';
import { type Point, STALE_MARKER } from '../remote-storage/write-series.ts';

/** Returns the samples of a series in their order. */
export function pointsOf({ samples }: RawSeries): Point[] {
  return [...fieldsOf(samples)].map(({ bytes }): Point => {
    let at = 0;
    // A value of zero is left out of the message.
    let value: Point[1] = 0;
    for (const field of fieldsOf(bytes)) {
      if (field.number === 2) at = field.value;
      else value = field.bytes.equals(STALE_MARKER) ? 'stale' : field.bytes.readDoubleLE();
    }
    return [at, value];
  });
}
