/** One look at a part: does it answer? */

import { once } from 'node:events';
import { connect } from 'node:net';

const LOOK_MS = 2_000;

/** True for a 2xx; throws what the part answered instead, or why it did not. */
export async function respondsOk(url: string, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 300).trim()}`);
  return true;
}

/** True where something accepts a connection. */
export async function accepts(port: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]) });
    return true;
  } finally {
    socket.destroy();
  }
}
