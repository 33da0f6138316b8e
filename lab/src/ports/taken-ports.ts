/** Tells, before anything is started, which of the lab's ports somebody else has. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { portOwner } from './port-owner.ts';

export interface TakenPort {
  /** The variable of .env that changes it. */
  variable: string;
  port: number;
  owner: string;
  pid: number | undefined;
}

/** Ports on which the lab could not listen now, each with who has it. */
export async function takenPorts(
  ports: readonly (readonly [name: string, port: number])[],
): Promise<TakenPort[]> {
  const looked = await Promise.all(
    ports.map(async ([variable, port]) => {
      const problem = await whyNotFree(port);
      if (problem === undefined) return [];
      const owner = problem === 'EADDRINUSE' ? portOwner(port) : undefined;
      const description =
        owner?.description ??
        (problem === 'EACCES' ? 'the system (ports below 1024 need root)' : `somebody (${problem})`);
      return [{ variable, port, owner: description, pid: owner?.pid }];
    }),
  );
  return looked.flat();
}

export function problemOf({ variable, port, owner }: TakenPort): string {
  return `port ${port} (${variable}) is taken by ${owner}`;
}

export function cureOf({ variable }: TakenPort): string {
  return `stop it, or set ${variable} in .env to a free port`;
}

async function whyNotFree(port: number): Promise<string | undefined> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    server.close();
  }
}
