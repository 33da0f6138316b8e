import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort, startConsole, startProgram, temporaryFolder } from '@lab/testing';
import { expect, test } from 'vitest';
import { at } from '../support/log-database.ts';

/** Starts a console that is expected not to run. */
async function startInVain(dataDirectory: string) {
  const logs = await temporaryFolder();
  const program = await startProgram({
    name: 'lab-console',
    folder: 'console',
    logFolder: logs.path,
    env: {
      PORT: String(await freePort()),
      OTLP_PORT: String(await freePort()),
      CONSOLE_DATA_DIR: dataDirectory,
    },
  });
  const exit = await program.exited;
  await logs[Symbol.asyncDispose]();
  return { exit, output: program.output() };
}

test('a second console on the same data is refused in one clear line; the first goes on', async () => {
  await using lab = await startConsole();
  const { exit, output } = await startInVain(lab.dataDirectory);
  expect(exit.code).toBe(2);
  expect(output).toContain('lab-console cannot start: expected to be the only console on');
  expect(output.trim().split('\n')).toHaveLength(1);
  expect((await lab.send('POST', '/hooks/slack/alerts', { text: 'still here' })).status).toBe(200);
});

test('a data folder that cannot be is said to be so', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, '');
  const { exit, output } = await startInVain(join(file, 'data'));
  expect(exit.code).toBe(2);
  expect(output).toContain('expected a folder that can be written in CONSOLE_DATA_DIR');
});

test.each(['logs.db', 'state.db'])(
  'a damaged %s ends at most one life of the console; the next has a sound one',
  async (name) => {
    await using lab = await startConsole();
    const line = (sequence: number) =>
      `${JSON.stringify(at(Date.now(), { message: 'found again', 'service.instance.id': 'i', 'event.sequence': sequence }))}\n`;
    writeFileSync(
      join(lab.logDirectory, 'app.log'),
      Array.from({ length: 2000 }, (_, index) => line(index)).join(''),
    );
    const total = async () =>
      ((await lab.get('/api/logs/histogram?q=found')).body as { total?: number }).total;
    await eventually('the lines are stored', async () => (await total()) === 2000);
    await lab.send('POST', '/hooks/slack/alerts', { text: 'x'.repeat(30_000) });
    // Stopped in order, so that everything is in the file itself; then all but its first page is overwritten.
    lab.program.kill('SIGTERM');
    await lab.program.exited;
    const path = join(lab.dataDirectory, name);
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(statSync(path).size - 4096, 0xa5), 0, undefined, 4096);
    closeSync(file);
    const isSound = async () => {
      if ((await lab.get('/api/inbox')).status !== 200) return false;
      return (await total()) === 2000;
    };
    await eventually(
      'the console works again, started anew where it ended, as its supervisor does',
      async () => {
        const ended = await Promise.race([lab.program.exited, isSound().catch(() => false)]);
        if (ended === true) return true;
        if (typeof ended === 'object') await lab.restart('SIGKILL').catch(() => undefined);
        return false;
      },
      { deadlineMs: 25_000 },
    );
  },
);
