/**
 * A scrape that fails is known only when it has failed, up to a timeout after the moment that its samples carry: rules that were
 * evaluated in between still saw the target up. A recording holds these samples at the moment at which Prometheus had them.
 */
import { bytesField, fieldsOf, numberField } from '../remote-storage/protobuf.ts';
import type { RawSeries } from '../remote-storage/read-series.ts';
import { pointsOf } from './samples.ts';

/**
 * Moves what failed scrapes wrote: `up` and the marks that end the target's other series.
 * @param durations series `scrape_duration_seconds` of the same stretch.
 */
export function asKnown(series: readonly RawSeries[], durations: readonly RawSeries[]): RawSeries[] {
  const late = new Map<string, Map<number, number>>();
  const took = new Map(durations.map((each) => [targetOf(each), new Map(pointsOf(each))]));
  for (const up of series.filter(({ labels }) => labels['__name__'] === 'up')) {
    const target = targetOf(up);
    const failed = pointsOf(up).filter(([, value]) => value === 0);
    late.set(
      target,
      new Map(failed.map(([at]) => [at, Math.round(Number(took.get(target)?.get(at) ?? 0) * 1000)])),
    );
  }
  return series.map((each) => {
    const delays = late.get(targetOf(each));
    return delays && delays.size > 0 ? moved(each, delays) : each;
  });
}

function targetOf({ labels: { job = '', instance = '' } }: RawSeries): string {
  return JSON.stringify([job, instance]);
}

/** @param delays by the moment of a sample, milliseconds. */
function moved(series: RawSeries, delays: ReadonlyMap<number, number>): RawSeries {
  const samples = [...fieldsOf(series.samples)].map(({ bytes }) => {
    const parts = [...fieldsOf(bytes)];
    const at = parts.find(({ number }) => number === 2)?.value ?? 0;
    const delay = delays.get(at) ?? 0;
    if (delay === 0) return bytesField(2, bytes);
    const value = parts.find(({ number }) => number === 1)?.bytes ?? Buffer.alloc(8);
    return bytesField(2, Buffer.concat([Buffer.from([9]), value, numberField(2, at + delay)]));
  });
  return { ...series, samples: Buffer.concat(samples) };
}
