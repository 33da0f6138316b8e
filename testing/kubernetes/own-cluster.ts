/** The cluster under test: one of its own, made by `make cluster`'s program and taken away again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CannotRun } from '@lab/cli';
import { ROOT } from '@lab/manifest';

export interface OwnCluster extends AsyncDisposable {
  /** From the command to the ready node, seconds; its programs were built before. */
  seconds: number;
}

/** Makes a cluster twice: the first time what is not cached is built, the second time is the one that counts. */
export async function ownCluster(signal: AbortSignal): Promise<OwnCluster> {
  await cluster('up', signal);
  await cluster('down', signal);
  const began = performance.now();
  await cluster('up', signal);
  return {
    seconds: (performance.now() - began) / 1000,
    [Symbol.asyncDispose]: () => cluster('down', AbortSignal.timeout(5 * 60_000)),
  };
}

/** @throws CannotRun where it ends with anything but 0; its words went where ours go. */
async function cluster(command: 'up' | 'down', signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [join(ROOT, 'cluster/src/main.ts'), command], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const [code] = await once(child, 'close');
    if (code !== 0) throw new CannotRun(`\`cluster ${command}\` ended with ${code}`);
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
