/**
 * Prometheus's remote-write protocol 1.0, as much as a load run needs: a protobuf message in snappy's block format.
 * https://prometheus.io/docs/specs/prw/remote_write_spec/
 */

export interface Series {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** `stale`: the series ends here. */
  value: number | 'stale';
}

/** A NaN of its own: https://prometheus.io/docs/specs/prw/remote_write_spec/#stale-markers */
const STALE_MARKER = Buffer.from('020000000000f07f', 'hex');
const TIMEOUT_MS = 5_000;

/** @param at Unix ms. @throws Error with Prometheus's answer where it does not take the samples. */
export async function remoteWrite(
  prometheusUrl: string,
  series: readonly Series[],
  at: number,
): Promise<void> {
  const response = await fetch(`${prometheusUrl}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: new Uint8Array(snappy(writeRequest(series, at))),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok)
    throw new Error(
      `Prometheus answered a remote write with ${response.status}: ${(await response.text()).trim()}`,
    );
}

/** prometheus.WriteRequest */
export function writeRequest(series: readonly Series[], at: number): Buffer {
  return Buffer.concat(
    series.map(({ name, labels, value }) => {
      // In order of their names, as the protocol asks.
      const pairs = Object.entries({ ...labels, __name__: name }).sort(([left], [right]) =>
        left < right ? -1 : 1,
      );
      const sample = Buffer.concat([
        Buffer.from([0x09]),
        value === 'stale' ? STALE_MARKER : double(value),
        Buffer.from([0x10]),
        varint(at),
      ]);
      const parts = pairs.map(([key, text]) => field(1, Buffer.concat([field(1, key), field(2, text)])));
      return field(1, Buffer.concat([...parts, field(2, sample)]));
    }),
  );
}

function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

const LONGEST_LITERAL = 0x10000;

/**
 * Snappy's block format with literals only: valid, though nothing gets smaller, which a few kilobytes to this machine need
 * not. https://github.com/google/snappy/blob/main/format_description.txt
 */
export function snappy(content: Buffer): Buffer {
  const pieces = [varint(content.length)];
  for (let from = 0; from < content.length; from += LONGEST_LITERAL) {
    const literal = content.subarray(from, from + LONGEST_LITERAL);
    const length = literal.length - 1;
    // Tag 61: the length, less one, follows in two bytes.
    pieces.push(Buffer.from([61 << 2, length & 0xff, length >> 8]), literal);
  }
  return Buffer.concat(pieces);
}
