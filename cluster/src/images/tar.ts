/** Writes tar files (POSIX ustar) of plain files. */

export interface TarEntry {
  /** At most 100 bytes. */
  name: string;
  /** Permission bits. */
  mode: number;
  data: Buffer;
}

const BLOCK = 512;
const NAME_BYTES = 100;

/** The same entries give the same bytes: owner and time are always root and zero. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, mode, data }) => [
    header(name, mode, data.length),
    data,
    padding(data.length),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, mode: number, size: number): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES)
    throw new Error(`expected a name of at most ${NAME_BYTES} bytes in a tar file, got ${name}`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(' '.repeat(8), 148); // The checksum counts itself as blanks.
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(number: number, digits: number): string {
  return number.toString(8).padStart(digits, '0');
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
