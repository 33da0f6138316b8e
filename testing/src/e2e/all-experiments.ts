/** Every experiment of `make chaos SUITE=all` against a lab of its own. Exit status: that of the suite. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import setup from './lab-setup.ts';

const stop = await setup();
try {
  const suite = spawn(process.execPath, ['lab/src/main.ts', 'chaos', '--suite', 'all'], {
    cwd: process.env['LAB_DIR'],
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status] = (await once(suite, 'exit')) as [number | null];
  process.exitCode = status ?? 1;
} finally {
  await stop();
}
