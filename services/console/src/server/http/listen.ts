import { once } from 'node:events';
import type { Server } from 'node:http';

/** @returns the port listened on. @throws Error naming address and port, with the system's reason as cause. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`expected to listen on ${host}:${port}: ${reason}`, { cause });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
