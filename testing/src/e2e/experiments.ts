/**
 * `lab chaos` with the options given here, against a lab of its own: one that other specs have just loaded is not steady enough to
 * judge false alarms. Exit status: that of `lab chaos`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import setup from './lab-setup.ts';

// `make` and `lab` hear of Ctrl-C themselves and end; this has to live until the lab is stopped.
process.on('SIGINT', () => {});
const stop = await setup();
try {
  const suite = spawn(process.execPath, ['lab/src/main.ts', 'chaos', ...process.argv.slice(2)], {
    cwd: process.env['LAB_DIR'],
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status] = (await once(suite, 'exit')) as [number | null];
  process.exitCode = status ?? 1;
} finally {
  await stop();
}
