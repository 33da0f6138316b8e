/** Imitates the log folder of a Kubernetes node: files in the runtime's frame, the kubelet's links to them, its rotation by renaming. */
import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A container runtime cuts a longer text into parts, bytes. */
export const LONGEST_PART = 16 * 1024;

export interface ContainerLog {
  /** Appends one line as the runtime writes it, in as many parts as it needs; `parts` writes only so many of them. */
  write(text: string, options?: { stream?: 'stdout' | 'stderr'; parts?: number }): void;
  /** Appends the parts that an unfinished `write` left. */
  finish(): void;
  /** Appends bytes that are no line of a runtime. */
  writeRaw(text: string): void;
  /** Renames the file as the kubelet does and starts a new one, to which the link then leads. */
  rotate(): void;
}

/**
 * Makes the folders, the first file and the link of one container.
 * @param root stands for /var/log.
 */
export function containerLog(
  root: string,
  {
    namespace = 'taskmanager',
    pod,
    uid,
    container,
  }: Record<'pod' | 'uid' | 'container', string> & { namespace?: string },
): ContainerLog {
  const folder = join(root, 'pods', `${namespace}_${pod}_${uid}`, container);
  const file = join(folder, '0.log');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'containers'), { recursive: true });
  writeFileSync(file, '');
  symlinkSync(file, join(root, 'containers', `${pod}_${namespace}_${container}-${'0a'.repeat(32)}.log`));
  let rotations = 0;
  let left: string[] = [];
  return {
    write(text, { stream = 'stdout', parts } = {}) {
      const framed = partsOf(text, stream);
      if (parts !== undefined) left = framed.splice(parts);
      appendFileSync(file, framed.join(''), 'latin1');
    },
    finish() {
      appendFileSync(file, left.join(''), 'latin1');
      left = [];
    },
    writeRaw: (text) => appendFileSync(file, text),
    rotate() {
      rotations += 1;
      renameSync(file, `${file}.20261129-0520${String(rotations).padStart(2, '0')}`);
      writeFileSync(file, '');
    },
  };
}

/** Parts as the bytes of Latin-1 texts: the runtime cuts within a character, too. */
function partsOf(text: string, stream: string): string[] {
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length || start === 0; start += LONGEST_PART) {
    const last = start + LONGEST_PART >= bytes.length;
    const part = bytes.subarray(start, start + LONGEST_PART).toString('latin1');
    parts.push(`2026-11-29T05:20:19.123456789Z ${stream} ${last ? 'F' : 'P'} ${part}\n`);
  }
  return parts;
}
