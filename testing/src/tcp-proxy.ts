/** A TCP forwarder whose far side can be made to hang, as a host does that lost its power or its network. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy extends AsyncDisposable {
  port: number;
  /** From now on connections are accepted, but nothing passes in either direction. */
  stall(): void;
  /** What was held back passes, and new connections are forwarded again. */
  resume(): void;
}

/** Forwards 127.0.0.1:`port` (a free one) to 127.0.0.1:`targetPort`. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let stalled = false;
  const keep = (socket: Socket, other: () => Socket | undefined) => {
    sockets.add(socket);
    // Resets are part of the game; the other side learns of it by its own close.
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other()?.destroy();
    });
    if (stalled) socket.pause();
  };
  const server = createServer({ pauseOnConnect: true }, (near) => {
    const far = connect(targetPort, '127.0.0.1');
    keep(near, () => far);
    keep(far, () => near);
    near.on('data', (data) => far.write(data));
    far.on('data', (data) => near.write(data));
    if (stalled) {
      near.pause();
      far.pause();
    } else near.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return {
    port: address.port,
    stall() {
      stalled = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      stalled = false;
      for (const socket of sockets) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
