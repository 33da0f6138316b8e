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
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
  const kind = fstatSync(STDOUT);
  if (kind.isFile()) return fileBehindStdout();
  const own = kind.isSocket() ? undefined : reopenedWithoutBlocking();
  return own === undefined ? streamBehindStdout() : nonBlockingDescriptor(own);
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
    // No /proc, or nobody reads the pipe any more: then the stream has to do.
    return undefined;
  }
}

function nonBlockingDescriptor(descriptor: number): Destination {
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
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

/** A socket (what Node's `spawn` calls a pipe): libuv waits for room without blocking, once it is told to. */
function streamBehindStdout(): Destination {
  const { stdout } = process;
  // Private, but the only way; pipes of `process.stdout` are set to block when they are made. Absent: writes may block.
  const handle = (stdout as { _handle?: { setBlocking?: (blocking: boolean) => unknown } })._handle;
  handle?.setBlocking?.(false);
  let pending = 0;
  return {
    name: 'stdout',
    write(bytes, done) {
      pending = bytes.length;
      stdout.write(bytes, (error) => {
        pending = 0;
        // Whatever the stream calls it (a destroyed stream has its own codes): nobody takes these bytes any more.
        done(
          error ? Object.assign(new Error(error.message), { code: 'EPIPE' }) : undefined,
          error ? 0 : bytes.length,
        );
      });
    },
    writeSync: (bytes) => tryWriteSync(STDOUT, bytes),
    // libuv tries the whole chunk at once and keeps what did not fit; what has become of that cannot be known here.
    settleSync: () => (stdout.writableLength > 0 ? undefined : pending),
    close: () => undefined,
  };
}
