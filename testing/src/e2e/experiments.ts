/**
 * `lab chaos` with the options given here, against a lab of its own: one that other specs have just loaded is not steady enough to
 * judge false alarms. Then `lab rehearse` plays what the run recorded, and has to come to the same. Exit status: the first that is not 0.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import setup from './lab-setup.ts';

// `make` and `lab` hear of Ctrl-C themselves and end; this has to live until the lab is stopped.
process.on('SIGINT', () => {});
const stop = await setup();
try {
  const folder = process.env['LAB_DIR'] ?? '.';
  process.exitCode = await lab(folder, 'chaos', ...process.argv.slice(2));
  const runs = join(folder, 'reports', 'chaos');
  for (const run of readdirSync(runs))
    process.exitCode ||= await lab(folder, 'rehearse', '--run', join(runs, run));
} finally {
  await stop();
}

async function lab(cwd: string, ...options: string[]): Promise<number> {
  const command = spawn(process.execPath, ['lab/src/main.ts', ...options], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status] = (await once(command, 'exit')) as [number | null];
  return status ?? 1;
}
