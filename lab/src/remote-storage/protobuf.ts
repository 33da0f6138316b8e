/** Protocol buffers as much as Prometheus's remote read and write need: fields that are bytes, whole numbers or doubles. */

/** Returns a field of bytes or text (wire type 2). */
export function bytesField(number: number, content: string | Buffer): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** Returns a field that is a whole number from 0 to 2^53 (wire type 0). */
export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number << 3), varint(value)]);
}

/** Returns a field of eight bytes (wire type 1). */
export function doubleField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 1), bytes]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

export interface Field {
  number: number;
  /** The content of a field of bytes, or the eight bytes of a double. */
  bytes: Buffer;
  /** The value of a whole number; 0 for the other kinds. */
  value: number;
}

/** Yields a message's fields, each a view of its bytes. @throws Error where the bytes are no message. */
export function* fieldsOf(message: Buffer): Generator<Field, undefined> {
  let at = 0;
  const readVarint = () => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message[at];
      if (byte === undefined) throw new Error('a protobuf message ends in the middle of a number');
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  };
  const take = (length: number) => {
    const bytes = message.subarray(at, at + length);
    if (bytes.length < length) throw new Error('a protobuf message ends in the middle of a field');
    at += length;
    return bytes;
  };
  const empty = Buffer.alloc(0);
  while (at < message.length) {
    const key = readVarint();
    const [number, type] = [key >>> 3, key & 7];
    if (type === 0) yield { number, bytes: empty, value: readVarint() };
    else if (type === 1) yield { number, bytes: take(8), value: 0 };
    else if (type === 2) yield { number, bytes: take(readVarint()), value: 0 };
    else if (type === 5) yield { number, bytes: take(4), value: 0 };
    else throw new Error(`a protobuf message has a field of the unknown wire type ${type}`);
  }
}
