import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import type { Destination } from './bounded-output.ts';
import { AsyncDescriptor, tryWriteSync } from './descriptor-writing.ts';

const STDOUT = 1;

/**
 * Standard output that never blocks. `process.stdout` writes synchronously to pipes, files and terminals, so a reader that
 * stops reading would stop the service. What standard output is decides what is done about it.
 */
export function stdoutDestination(): Destination {
  // A reader that goes away must not end the process through somebody's console.log.
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  }
  const kind = fstatSync(STDOUT);
  if (kind.isFile()) return fileBehindStdout();
  const own = kind.isSocket() ? undefined : reopenedWithoutBlocking();
  if (own !== undefined) return nonBlockingDescriptor(own, () => closeSync(own));
  stopBlocking();
  return nonBlockingDescriptor(STDOUT, () => undefined);
}

function ignore(): void {
  // The sink sees the same error when it writes, drops what it owes and counts it.
}

/** Redirected to a file: written in the thread pool. */
function fileBehindStdout(): Destination {
  const writing = new AsyncDescriptor();
  return {
    name: 'stdout',
    write: (bytes, done) => writing.write(STDOUT, bytes, done),
    writeSync: (bytes) => tryWriteSync(STDOUT, bytes),
    settleSync: (deadline) => writing.settleSync(STDOUT, deadline),
    close: () => undefined,
  };
}

/**
 * A pipe or terminal, opened anew: an open file description of our own, whose O_NONBLOCK nobody else sees (the descriptor we were
 * started with may be shared with a shell and with sibling processes). Linux only; undefined elsewhere.
 */
function reopenedWithoutBlocking(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return openSync(
      `/proc/self/fd/${STDOUT}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_APPEND,
    );
  } catch {
    // No /proc, or nobody reads the pipe any more: then the descriptor itself has to do.
    return undefined;
  }
}

/**
 * Where nothing can be opened anew (a socket, which is what Node's `spawn` calls a pipe; other systems than Linux): the descriptor
 * itself is told not to wait. Private, but Node offers no other way; where it is absent, writes may block.
 */
function stopBlocking(): void {
  const { _handle } = process.stdout as { _handle?: { setBlocking?: (blocking: boolean) => unknown } };
  _handle?.setBlocking?.(false);
}

/** Written to at once: a full pipe answers EAGAIN, and the sink tries again later. */
function nonBlockingDescriptor(descriptor: number, release: () => void): Destination {
  let open = true;
  /** Written, but the sink has not been told yet. */
  let untold = 0;
  return {
    name: 'stdout',
    write(bytes, done) {
      if (!open) return queueMicrotask(() => done(Object.assign(new Error('closed'), { code: 'EBADF' }), 0));
      let written = 0;
      let failure: NodeJS.ErrnoException | undefined;
      try {
        written = writeSync(descriptor, bytes);
      } catch (error) {
        failure = error as NodeJS.ErrnoException;
      }
      untold = written;
      // Not from within enqueue: the sink goes on with its next chunk in the callback.
      queueMicrotask(() => {
        untold = 0;
        done(failure, written);
      });
    },
    writeSync: (bytes) => (open ? tryWriteSync(descriptor, bytes) : undefined),
    settleSync: () => untold,
    close() {
      if (open) release();
      open = false;
    },
  };
}
