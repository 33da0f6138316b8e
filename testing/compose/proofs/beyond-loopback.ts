/** Really connects: to published ports, by every address of this machine but loopback. No other machine is asked anything. */
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';

const PATIENCE_MS = 3_000;

/** @returns how many connections were tried, how many refused, and `address port` of those that were not. */
export async function openBeyondLoopback(
  ports: readonly number[],
): Promise<{ tried: number; refused: number; open: string[] }> {
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, found = []]) =>
    found
      .filter(({ internal }) => !internal)
      // A link-local address says nothing without its interface.
      .map(({ address, scopeid }) => (scopeid ? `${address}%${name}` : address)),
  );
  const attempts = addresses.flatMap((host) => ports.map((port) => ({ host, port })));
  const outcomes = await Promise.all(attempts.map((each) => outcomeOf(each)));
  return {
    tried: attempts.length,
    refused: outcomes.filter((outcome) => outcome === 'ECONNREFUSED').length,
    open: attempts.flatMap(({ host, port }, index) =>
      outcomes[index] === 'connected' ? [`${host} ${port}`] : [],
    ),
  };
}

function outcomeOf({ host, port }: { host: string; port: number }): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = createConnection({ host, port, timeout: PATIENCE_MS });
  socket.on('connect', () => resolve('connected'));
  socket.on('timeout', () => resolve('timeout'));
  socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  return promise.finally(() => socket.destroy());
}
