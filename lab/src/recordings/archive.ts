/** A recording's file: a tar archive, packed by zstd, so that `tar --zstd -xf` opens it anywhere. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

export interface ArchiveEntry {
  /** Path in the archive, with slashes. */
  name: string;
  content: Buffer;
}

/** The file is no archive of ours, or not a whole one. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
}

const RECORD = 512;
const LEVEL = 19;
/** 8 MB: what a plain `zstd -d` still unpacks without a flag, and more than a recording is long. */
const WINDOW_LOG = 23;
/** Unpacked in pieces of 16 KB, as it is by default, a recording takes six times as long. */
const CHUNK = 1 << 20;

export async function packArchive(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  const pieces = entries.flatMap(({ name, content }) => [
    header(name, content.length),
    content,
    Buffer.alloc((RECORD - (content.length % RECORD)) % RECORD),
  ]);
  const tar = Buffer.concat([...pieces, Buffer.alloc(2 * RECORD)]);
  return promisify(zstdCompress)(tar, {
    params: {
      [constants.ZSTD_c_compressionLevel]: LEVEL,
      [constants.ZSTD_c_windowLog]: WINDOW_LOG,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
}

/** @throws ArchiveError where the bytes are no archive. */
export async function unpackArchive(packed: Buffer): Promise<ArchiveEntry[]> {
  const tar = await promisify(zstdDecompress)(packed, { chunkSize: CHUNK }).catch((cause: unknown) => {
    throw new ArchiveError('is not packed by zstd, or not whole', { cause });
  });
  const entries: ArchiveEntry[] = [];
  for (let at = 0; at + RECORD <= tar.length; ) {
    const head = tar.subarray(at, at + RECORD);
    if (head[0] === 0) return entries;
    const text = (from: number, length: number) =>
      head
        .subarray(from, from + length)
        .toString()
        .replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12).trim(), 8);
    const prefix = text(345, 155);
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(0, 100)}`;
    if (!Number.isInteger(size) || name.split('/').includes('..') || name.startsWith('/'))
      throw new ArchiveError(`holds an entry that cannot be read: ${JSON.stringify(name)}`);
    const content = tar.subarray(at + RECORD, at + RECORD + size);
    if (content.length < size) break;
    if (text(156, 1) === '0' || text(156, 1) === '') entries.push({ name, content });
    at += RECORD + Math.ceil(size / RECORD) * RECORD;
  }
  throw new ArchiveError('ends in the middle');
}

/** Reads every file below a folder as entries below `prefix`. */
export async function entriesOf(folder: string, prefix: string): Promise<ArchiveEntry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    files.sort().map(async (file) => ({
      name: `${prefix}/${relative(folder, file).split(sep).join('/')}`,
      content: await readFile(file),
    })),
  );
}

/** Writes the entries below `prefix` into a folder. */
export async function writeEntries(
  entries: readonly ArchiveEntry[],
  prefix: string,
  folder: string,
): Promise<void> {
  for (const { name, content } of entries) {
    if (!name.startsWith(`${prefix}/`)) continue;
    const file = join(folder, name.slice(prefix.length + 1));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** Writes ustar's header. The owner and the time are always the same: equal content makes an equal file. */
function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new ArchiveError(`the name ${name} is too long for an archive`);
  const head = Buffer.alloc(RECORD);
  const put = (text: string, at: number) => head.write(text, at, 'utf8');
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  put(name, 0);
  put(octal(0o644, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(size, 12), 124);
  put(octal(0, 12), 136);
  put(' '.repeat(8), 148);
  put('0', 156);
  put('ustar\x0000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}
