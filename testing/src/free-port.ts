/**
 * Ports of 127.0.0.1 for programs that cannot choose one by themselves. All lie below the range that the system gives to whoever asks
 * for port 0 (from 32768 on Linux), so that nobody else takes one between its being found free and its being listened on.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Programs of tests get single ports, whole labs get blocks: neither takes the other's. */
const SINGLE = { from: 20_000, below: 32_000 };
const BLOCKS = { from: 15_000, below: 20_000, size: 40 };
const ATTEMPTS = 500;

const given = new Set<number>();

/** A TCP port on 127.0.0.1 that was free a moment ago; never the same twice. Prefer port 0 where the program under test can say what it got. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomFrom(SINGLE);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`expected a free port from ${SINGLE.from} to ${SINGLE.below - 1}: none was found`);
}

export interface PortBlock extends AsyncDisposable {
  /** Free a moment ago, and nobody else's until this is disposed of. */
  ports: number[];
}

/** Claims up to 39 ports in a row for a lab that runs beside others: whoever listens on the first port of a block owns the block. */
export async function claimPorts(count: number): Promise<PortBlock> {
  if (count >= BLOCKS.size) throw new Error(`expected less than ${BLOCKS.size} ports, received ${count}`);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const from = randomFrom(BLOCKS);
    const first = from - (from % BLOCKS.size);
    const claim = await listen(first);
    if (claim === undefined) continue;
    const ports = Array.from({ length: count }, (_, place) => first + 1 + place);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return { ports, [Symbol.asyncDispose]: () => close(claim) };
    await close(claim);
  }
  throw new Error(`expected ${count} free ports in a row from ${BLOCKS.from} on: none were found`);
}

function randomFrom({ from, below }: { from: number; below: number }): number {
  return from + Math.floor(Math.random() * (below - from));
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port);
  if (server) await close(server);
  return server !== undefined;
}

/** Undefined: somebody else listens there. */
async function listen(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
