/**
 * Which containers had a process killed for memory. By the engine's events, because a container's own mark is gone when it is started
 * again or replaced; the kernel may also kill a child and leave the container running.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface OutOfMemoryWatch extends AsyncDisposable {
  /** Ends the watch. @returns the part of each kill. */
  stop(): Promise<string[]>;
}

const AGAIN_MS = 500;
const LABEL = 'com.docker.compose';

export function watchOutOfMemory(project = process.env['COMPOSE_PROJECT_NAME'] ?? ''): OutOfMemoryWatch {
  const killed: string[] = [];
  const ended = new AbortController();
  const format = `{{index .Actor.Attributes "${LABEL}.service"}}`;
  const filters = ['type=container', 'event=oom', `label=${LABEL}.project=${project}`];
  const args = ['events', '--format', format, ...filters.flatMap((filter) => ['--filter', filter])];
  const watching = (async () => {
    // The stream ends with the engine, which may be restarted on purpose.
    while (!ended.signal.aborted) {
      const child = spawn('docker', args, { stdio: ['ignore', 'pipe', 'ignore'] });
      const kill = () => child.kill();
      ended.signal.addEventListener('abort', kill, { once: true });
      createInterface(child.stdout).on('line', (part) => killed.push(part));
      await once(child, 'close');
      ended.signal.removeEventListener('abort', kill);
      // The abort ends the pause, and with it the loop.
      await pause(AGAIN_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  const end = async () => {
    ended.abort();
    await watching;
  };
  return {
    [Symbol.asyncDispose]: end,
    async stop() {
      await end();
      return killed;
    },
  };
}
