/**
 * Samples as Prometheus holds them, by its remote-read protocol: with the moment of each, and with the markers that say where a series
 * ended, which no query shows. https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/
 */
import type { Matcher } from '@lab/prometheus';
import { bytesField, fieldsOf, numberField } from './protobuf.ts';
import { packSnappy, unpackSnappy } from './snappy.ts';

/** A series and its samples as they travel: read and written in the same form, so that nothing of them changes on the way. */
export interface RawSeries {
  labels: Record<string, string>;
  /** `prometheus.Sample` messages, each behind its tag as the field of a `prometheus.TimeSeries`. */
  samples: Buffer;
  count: number;
}

/** Answers other than a success, with their status. */
export class RemoteStorageError extends Error {
  override name = 'RemoteStorageError';
}

const OPERATORS: Readonly<Record<Matcher['operator'], number>> = { '=': 0, '!=': 1, '=~': 2, '!~': 3 };
const TIMEOUT_MS = 60_000;

/**
 * Reads every sample of the series that match, from `from` to `to`, Unix milliseconds, both included.
 * @throws RemoteStorageError where the server answers otherwise.
 */
export async function readSeries(
  prometheusUrl: string,
  matchers: readonly Matcher[],
  { from, to }: { from: number; to: number },
): Promise<RawSeries[]> {
  const query = Buffer.concat([
    numberField(1, from),
    numberField(2, to),
    ...matchers.map(({ label, operator, value }) =>
      bytesField(
        3,
        Buffer.concat([numberField(1, OPERATORS[operator]), bytesField(2, label), bytesField(3, value)]),
      ),
    ),
  ]);
  const response = await fetch(`${prometheusUrl}/api/v1/read`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-read-version': '0.1.0',
    },
    body: new Uint8Array(packSnappy(bytesField(1, query))),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok)
    throw new RemoteStorageError(
      `${prometheusUrl} answered a remote read with ${response.status}: ${(await response.text()).trim().slice(0, 300)}`,
    );
  return decode(unpackSnappy(Buffer.from(await response.arrayBuffer())));
}

function decode(answer: Buffer): RawSeries[] {
  return [...fieldsOf(answer)]
    .filter(({ number }) => number === 1)
    .flatMap(({ bytes }) => [...fieldsOf(bytes)].filter(({ number }) => number === 1))
    .map(({ bytes }) => seriesOf(bytes))
    .filter(({ count }) => count > 0);
}

function seriesOf(message: Buffer): RawSeries {
  const labels: Record<string, string> = {};
  const samples: Buffer[] = [];
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 1) {
      const [name = '', value = ''] = [...fieldsOf(bytes)].map((part) => part.bytes.toString());
      labels[name] = value;
    } else if (number === 2) {
      samples.push(bytesField(2, bytes));
    }
  }
  return { labels, samples: Buffer.concat(samples), count: samples.length };
}
