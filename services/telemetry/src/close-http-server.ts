import type { Server } from 'node:http';
import { Server as TcpServer } from 'node:net';

/** So long clients may go on using their connections, and be told in the answer that this was the last one, ms. */
const GRACE_MS = 500;
/** How often connections are looked for that have become idle, ms. */
const LOOK_EVERY_MS = 50;

/**
 * Stops accepting, lets requests in flight finish, closes all connections. Resolves when the last one is closed; whoever calls
 * bounds the wait. No request that was sent is lost: an idle connection is not closed at once, because its client may be about to
 * use it, but told `connection: close` with the next answer; only those that stay idle for so long are closed.
 * @param graceMs default: half a second.
 */
export function closeHttpServer(server: Server, graceMs = GRACE_MS): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.prependListener('request', (_request, response) => {
      if (!response.headersSent) response.setHeader('connection', 'close');
    });
    let timer: NodeJS.Timeout | undefined;
    // Timers run before sockets are read: on a busy machine a connection that looks idle to them may hold a request that has
    // arrived and is read within this very turn. After the reading is soon enough.
    const closeIdle = () => setImmediate(() => server.closeIdleConnections());
    const grace = setTimeout(() => {
      closeIdle();
      timer = setInterval(closeIdle, LOOK_EVERY_MS);
    }, graceMs);
    // `http.Server.close` would close idle connections at once.
    TcpServer.prototype.close.call(server, () => {
      clearTimeout(grace);
      clearInterval(timer);
      resolve();
    });
  });
}
