import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, StartError } from '../src/index.ts';

function run(failure: string): { status: number | null; stderr: string } {
  const program = join(import.meta.dirname, 'fixtures', 'failing-program.ts');
  const { status, stderr } = spawnSync(process.execPath, [program, failure], { encoding: 'utf8' });
  return { status, stderr };
}

test('wrong settings end the start with 2, one line each with the name of the program', () => {
  expect(run('setting')).toEqual({
    status: 2,
    stderr:
      'some-program cannot start: PORT: expected a port, got "x"\n' +
      'some-program cannot start: HOST: expected an address, got nothing\n',
  });
});

test('surroundings that do not let it start end the start with 1 and one line', () => {
  expect(run('surroundings')).toEqual({
    status: 1,
    stderr: 'some-program cannot start: the disk is full\n',
  });
});

test('a bug ends the start with 1 and its stack', () => {
  const { status, stderr } = run('bug');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^some-program cannot start: TypeError: nobody foresaw this\n\s+at /);
});

test('a start that works says nothing', () => {
  expect(run('nothing')).toEqual({ status: 0, stderr: '' });
});

test('a StartError made from an error keeps it as its cause, and one that is one already stays itself', () => {
  const wrong = new ConfigError('PORT: expected a port, got nothing');
  expect(StartError.from(wrong)).toBe(wrong);
  const cause = new Error('relation "users" already exists');
  expect(StartError.from(cause)).toMatchObject({ message: cause.message, cause, exitCode: 1 });
  expect(StartError.from('a text')).toMatchObject({ message: 'a text' });
  expect(ConfigError.from(cause)).toBeInstanceOf(ConfigError);
});
