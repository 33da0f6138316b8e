/** Playwright global setup: one lab in lite mode for all end-to-end specs, started as a user would, with a service of his own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addShop } from './add-shop.ts';
import { freshCopy } from './fresh-copy.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');

export default async function setup(): Promise<() => Promise<void>> {
  const copy = await freshCopy(addShop);
  // For whatever a spec runs against this lab, too.
  Object.assign(process.env, { MODE: 'lite', LAB_TOOLS_DIR: join(root, '.lab', 'tools') });
  const make = (target: string) =>
    run('make', [target], { cwd: copy.path, timeout: 180_000, maxBuffer: 16 * 1024 * 1024 });
  const stop = async () => {
    await make('down');
    await copy[Symbol.asyncDispose]();
  };
  try {
    await make('up');
  } catch (error) {
    await stop();
    throw error;
  }
  process.env['LAB_DIR'] = copy.path;
  process.env['WEB_URL'] = `http://127.0.0.1:${copy.ports['WEB_PORT']}`;
  process.env['CONSOLE_URL'] = `http://127.0.0.1:${copy.ports['CONSOLE_PORT']}`;
  process.env['PROMETHEUS_URL'] = `http://127.0.0.1:${copy.ports['PROMETHEUS_PORT']}`;
  return stop;
}
