import { once } from 'node:events';
import type { Server } from 'node:http';
import { ConfigError, StartError } from './start-error.ts';

/**
 * Opens the listener.
 * @param port 0: any free port.
 * @returns the port listened on.
 * @throws StartError naming address and port when another program has the port, ConfigError when the address cannot be this machine's.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const message = `expected to listen on ${host}:${port}: ${reason}`;
    throw taken ? new StartError(message, { cause }) : new ConfigError(message, { cause });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
