/** Writes whole series into a Prometheus that takes remote writes. */
import { bytesField, doubleField, numberField } from './protobuf.ts';
import { type RawSeries, RemoteStorageError } from './read-series.ts';
import { packSnappy } from './snappy.ts';

/** A NaN of its own: https://prometheus.io/docs/specs/prw/remote_write_spec/#stale-markers */
export const STALE_MARKER = Buffer.from('020000000000f07f', 'hex');

/** Bytes of a message: Prometheus has no limit, but holds it in memory several times. */
const BATCH_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** A value at a moment, Unix milliseconds; `stale`: the series ends here. */
export type Point = readonly [at: number, value: number | 'stale'];

/** Returns a series in the form in which it is written. */
export function rawSeries(labels: Record<string, string>, points: readonly Point[]): RawSeries {
  const double = Buffer.alloc(8);
  const samples = points.map(([at, value]) => {
    if (value !== 'stale') double.writeDoubleLE(value);
    const bytes = value === 'stale' ? STALE_MARKER : double;
    return bytesField(2, Buffer.concat([doubleField(1, bytes), numberField(2, at)]));
  });
  return {
    labels,
    samples: Buffer.concat(samples),
    count: points.length,
  };
}

/** Writes series, each oldest sample first. @throws RemoteStorageError where one is refused. */
export async function writeSeries(prometheusUrl: string, series: readonly RawSeries[]): Promise<void> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for (const each of series) {
    const message = bytesField(1, Buffer.concat([labelsOf(each), each.samples]));
    batch.push(message);
    bytes += message.length;
    if (bytes < BATCH_BYTES) continue;
    await send(prometheusUrl, batch);
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) await send(prometheusUrl, batch);
}

/** In order of their names, as the protocol asks. */
function labelsOf({ labels }: RawSeries): Buffer {
  const pairs = Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
  return Buffer.concat(
    pairs.map(([name, value]) => bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, value)]))),
  );
}

async function send(prometheusUrl: string, batch: readonly Buffer[]): Promise<void> {
  const response = await fetch(`${prometheusUrl}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: new Uint8Array(packSnappy(Buffer.concat(batch))),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok)
    throw new RemoteStorageError(
      `Prometheus answered a remote write with ${response.status}: ${(await response.text()).trim().slice(0, 300)}`,
    );
}
