/** Snappy's block format, which remote read and remote write pack their messages in. */
import { varint } from './protobuf.ts';

const LONGEST_LITERAL = 0x10000;

/**
 * Packs with literals only: valid, though nothing gets smaller, which what goes to this machine need not.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function packSnappy(content: Buffer): Buffer {
  const pieces = [varint(content.length)];
  for (let from = 0; from < content.length; from += LONGEST_LITERAL) {
    const literal = content.subarray(from, from + LONGEST_LITERAL);
    const length = literal.length - 1;
    // Tag 61: the length, less one, follows in two bytes.
    pieces.push(Buffer.from([61 << 2, length & 0xff, length >> 8]), literal);
  }
  return Buffer.concat(pieces);
}

/** Unpacks any block. @throws Error where the bytes are none. */
export function unpackSnappy(packed: Buffer): Buffer {
  let at = 0;
  const next = () => {
    const byte = packed[at];
    if (byte === undefined) throw new Error('a snappy block ends too early');
    at += 1;
    return byte;
  };
  const little = (count: number) => {
    let value = 0;
    for (let index = 0; index < count; index += 1) value += next() * 2 ** (8 * index);
    return value;
  };
  let [size, factor] = [0, 1];
  for (let more = true; more; factor *= 0x80) {
    const byte = next();
    size += (byte & 0x7f) * factor;
    more = byte >= 0x80;
  }
  const content = Buffer.alloc(size);
  let to = 0;
  const copy = (length: number, distance: number) => {
    if (distance === 0 || distance > to) throw new Error('a snappy block copies from before its beginning');
    // A copy may overlap with what it writes, so that a piece repeats.
    if (distance >= length) content.copy(content, to, to - distance, to - distance + length);
    else
      for (let index = 0; index < length; index += 1)
        content[to + index] = content[to + index - distance] ?? 0;
    to += length;
  };
  while (at < packed.length) {
    const tag = next();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = (short < 60 ? short : little(short - 59)) + 1;
      if (at + length > packed.length) throw new Error('a snappy block ends too early');
      packed.copy(content, to, at, at + length);
      at += length;
      to += length;
    } else if (kind === 1) copy(((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | next());
    else copy((tag >> 2) + 1, little(kind === 2 ? 2 : 4));
  }
  if (to !== size) throw new Error(`a snappy block says ${size} bytes and holds ${to}`);
  return content;
}
