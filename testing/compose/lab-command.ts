/** Runs `lab` as a person would by `make`: a program of its own, with this lab's variables. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '@lab/manifest';

/**
 * @param root the checkout whose `lab` runs; default: this one.
 * @returns its exit status and what it printed; its progress goes where ours goes.
 */
export async function labCommand(
  args: readonly string[],
  {
    signal,
    variables = {},
    root = ROOT,
  }: { signal: AbortSignal; variables?: Record<string, string>; root?: string },
): Promise<{ code: number | null; stdout: string }> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [join(root, 'lab/src/main.ts'), ...args], {
    cwd: root,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It undoes what it began, as after Ctrl-C.
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return { code, stdout };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
