/** Looks into series as they travel. */
import { bytesField, fieldsOf } from '../remote-storage/protobuf.ts';
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

/** Returns the series with those of its samples that are kept, told by their places. */
export function keepSamples(series: RawSeries, isKept: (index: number) => boolean): RawSeries {
  const kept = [...fieldsOf(series.samples)].filter((_, index) => isKept(index));
  return {
    ...series,
    samples: Buffer.concat(kept.map(({ bytes }) => bytesField(2, bytes))),
    count: kept.length,
  };
}

/** Returns a series with the samples of both pieces, each moment once. */
export function union(one: RawSeries, other: RawSeries): RawSeries {
  const byTime = new Map<number, Buffer>();
  for (const series of [one, other]) {
    const times = pointsOf(series).map(([at]) => at);
    [...fieldsOf(series.samples)].forEach(({ bytes }, index) => {
      byTime.set(times[index] ?? 0, bytesField(2, bytes));
    });
  }
  const ordered = [...byTime].sort(([left], [right]) => left - right);
  return {
    labels: one.labels,
    samples: Buffer.concat(ordered.map(([, bytes]) => bytes)),
    count: ordered.length,
  };
}
