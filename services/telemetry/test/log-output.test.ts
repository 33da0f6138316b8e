import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { startFixture } from './support/child.ts';

interface Report {
  dropped: Record<string, number>;
  longestStall: number;
}

/** Numbers of the lines `line N`; throws where a line is not whole. */
function numbers(text: string): number[] {
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => Number(/^line (\d+)$/.exec(JSON.parse(line).message)?.[1]));
}
const sequence = (length: number) => Array.from({ length }, (_, index) => index);
const lastOf = <T>(items: readonly unknown[]): T => items.at(-1) as T;

describe('standard output', () => {
  it('that nobody reads (a pipe of the shell) neither blocks nor kills; what is lost is counted', async () => {
    await using folder = await temporaryFolder();
    const fifo = join(folder.path, 'pipe');
    execFileSync('mkfifo', [fifo]);
    const reader = openSync(fifo, constants.O_RDWR);
    try {
      await using child = startFixture('logging-program.ts', ['flood', '5000'], {}, reader);
      expect(await child.exited).toBe(0);
      const { dropped } = lastOf<Report>(child.messages);
      // 64 KiB of pipe and 256 KiB of buffer hold about 600 lines of 5,000.
      expect(dropped['stdout']).toBeGreaterThan(3_000);
      expect(dropped['stdout']).toBeLessThan(5_000);
    } finally {
      closeSync(reader);
    }
  });

  it('that nobody reads (a pipe of spawn) neither blocks nor kills; what is lost is counted', async () => {
    await using child = startFixture('logging-program.ts', ['flood', '5000'], {}, 'pipe');
    expect(await child.exited).toBe(0);
    expect(lastOf<Report>(child.messages).dropped['stdout']).toBeGreaterThan(3_000);
  });

  it('whose reader goes away does not end the service', async () => {
    await using child = startFixture('logging-program.ts', ['steady'], {}, 'pipe');
    await eventually('it logs', () => child.messages.length > 5);
    child.process.stdout?.destroy();
    await eventually('it goes on and counts what is lost', () => {
      const { dropped } = lastOf<Report>(child.messages);
      return child.messages.length > 100 && (dropped['stdout'] ?? 0) > 0;
    });
    expect(child.process.exitCode).toBeNull();
  });

  it.each([
    ['pipe', 'pipe'],
    ['file', 'file'],
  ])('has every line, once and in order, when the program exits at once (%s)', async (kind) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'out');
    const target = kind === 'file' ? openSync(path, 'w') : 'pipe';
    await using child = startFixture('logging-program.ts', ['exit', '400'], {}, target);
    let text = '';
    child.process.stdout?.setEncoding('utf8').on('data', (data: string) => {
      text += data;
    });
    expect(await child.exited).toBe(0);
    if (typeof target === 'number') {
      closeSync(target);
      text = await readFile(path, 'utf8');
    }
    await eventually('all is read', () => text.includes('line 399'));
    expect(numbers(text)).toEqual(sequence(400));
  });

  it('loses nothing to a reader that is merely slow', async () => {
    await using child = startFixture('logging-program.ts', ['flood', '600'], { BUFFER: '10000000' }, 'pipe');
    let text = '';
    const { stdout } = child.process;
    stdout?.setEncoding('utf8').on('data', (data: string) => {
      text += data;
      stdout.pause();
      setTimeout(() => stdout.resume(), 10);
    });
    expect(await child.exited).toBe(0);
    await eventually('all is read', () => text.includes('line 599'));
    expect(numbers(text)).toEqual(sequence(600));
    expect(lastOf<Report>(child.messages).dropped).toEqual({ stdout: 0 });
  });
});

describe('the log file', () => {
  it('has every line, once and in order, when the program exits at once, its folder being new', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a', 'b', 'app.log');
    const env = { LOG_STDOUT: 'false', LOG_FILE: file };
    await using child = startFixture('logging-program.ts', ['exit', '400'], env);
    expect(await child.exited).toBe(0);
    expect(numbers(await readFile(file, 'utf8'))).toEqual(sequence(400));
  });

  it('on a full disk does not end the service; what is lost is counted', async () => {
    const env = { LOG_STDOUT: 'false', LOG_FILE: '/dev/full' };
    await using child = startFixture('logging-program.ts', ['flood', '5000'], env);
    expect(await child.exited).toBe(0);
    expect(lastOf<Report>(child.messages).dropped['file']).toBeGreaterThan(3_000);
  });

  it('that cannot be made does not end the service; what is lost is counted', async () => {
    const env = { LOG_STDOUT: 'false', LOG_FILE: '/proc/nowhere/app.log' };
    await using child = startFixture('logging-program.ts', ['flood', '5000'], env);
    expect(await child.exited).toBe(0);
    expect(lastOf<Report>(child.messages).dropped['file']).toBeGreaterThan(3_000);
  });

  it('that somebody removes is made anew', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'logs', 'app.log');
    await using child = startFixture('logging-program.ts', ['steady'], {
      LOG_STDOUT: 'false',
      LOG_FILE: file,
    });
    await eventually('it is written', async () => (await readFile(file, 'utf8')).length > 0);
    await rm(file);
    await eventually('it is there again', async () => (await readFile(file, 'utf8')).length > 0);
    child.process.kill('SIGKILL');
    await child.exited;
    expect(numbers(await readFile(file, 'utf8')).length).toBeGreaterThan(0);
  });

  it('rotates by renaming; no line is lost or doubled, and who holds an old file open reads it to its end', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'app.log');
    const env = {
      LOG_STDOUT: 'false',
      LOG_FILE: file,
      FILE_MAX_BYTES: '300000',
      FILE_KEEP: '50',
      BUFFER: '10000000',
    };
    await using child = startFixture('logging-program.ts', ['flood', '5000'], env);
    await eventually('it is written', async () => (await readFile(file, 'utf8')).length > 0);
    const first = await open(file);
    expect(await child.exited).toBe(0);
    expect(lastOf<Report>(child.messages).dropped).toEqual({ file: 0 });
    const rotated = (await readdir(folder.path)).filter((name) => name !== 'app.log');
    expect(rotated.length).toBeGreaterThan(3);
    const age = (name: string) => Number(name.split('.').at(-1));
    const oldestFirst = rotated.sort((a, b) => age(b) - age(a)).concat('app.log');
    const texts = await Promise.all(oldestFirst.map((name) => readFile(join(folder.path, name), 'utf8')));
    expect(texts.flatMap(numbers)).toEqual(sequence(5_000));
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(300_000);
    // On a busy machine the first file has had its turn before it is opened here: whichever it was is told by its inode.
    const { ino } = await first.stat();
    const inodes = await Promise.all(
      oldestFirst.map(async (name) => (await stat(join(folder.path, name))).ino),
    );
    expect(await first.readFile('utf8')).toBe(texts[inodes.indexOf(ino)]);
    await first.close();
  });

  it('keeps only so many rotated files', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'app.log');
    const env = { LOG_STDOUT: 'false', LOG_FILE: file, FILE_MAX_BYTES: '200000', FILE_KEEP: '2' };
    await using child = startFixture('logging-program.ts', ['flood', '4000'], env);
    expect(await child.exited).toBe(0);
    expect((await readdir(folder.path)).sort()).toEqual(['app.log', 'app.log.1', 'app.log.2']);
  });

  it('has after kill -9 every line that was logged more than a moment before, each whole', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'app.log');
    await using child = startFixture('logging-program.ts', ['steady'], {
      LOG_STDOUT: 'false',
      LOG_FILE: file,
    });
    await eventually('it has logged for a while', () => child.messages.length > 60);
    const logged = lastOf<{ logged: number }>(child.messages).logged;
    await eventually('those lines are written', async () =>
      numbers(await readFile(file, 'utf8')).includes(logged),
    );
    child.process.kill('SIGKILL');
    await child.exited;
    const written = numbers(await readFile(file, 'utf8'));
    expect(written).toEqual(sequence(written.length));
  });

  it('has the error that nobody caught', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'app.log');
    await using child = startFixture('logging-program.ts', ['throw'], {
      LOG_STDOUT: 'false',
      LOG_FILE: file,
    });
    expect(await child.exited).toBe(1);
    expect(child.errors.join('')).toContain('nobody caught this');
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      'log.level': 'error',
      'error.type': 'TypeError',
      'error.message': 'nobody caught this',
      'error.stack_trace': expect.stringContaining('logging-program.ts'),
    });
  });
});
