/** What client and server of the supervisor agree on, and where they meet. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProcessIdentity } from '../process/process-table.ts';
import type { PartStatus } from './part.ts';

export const ACTIONS = ['start', 'stop', 'restart', 'kill', 'pause', 'resume', 'reload'] as const;
export type PartAction = (typeof ACTIONS)[number];

export interface SupervisorStatus {
  supervisor: ProcessIdentity;
  /** Of the settings it was started with. */
  configuration: string;
  parts: PartStatus[];
}

const endpointSchema = z.object({
  supervisor: z.object({ pid: z.int().positive(), startedAt: z.string() }),
  /** A Unix socket, or, where its path is longer than the system allows, a port on loopback. */
  address: z.union([z.object({ socketPath: z.string() }), z.object({ port: z.int() })]),
  /** Other users of the machine reach the port too. */
  token: z.string(),
});

export type Endpoint = z.infer<typeof endpointSchema>;

export function endpointFile(runFolder: string): string {
  return join(runFolder, 'supervisor.json');
}

/** Longest path of a Unix socket: 108 bytes with its end mark on Linux, 104 elsewhere. */
const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;

export function controlAddress(runFolder: string): Endpoint['address'] {
  const socketPath = join(runFolder, 'supervisor.sock');
  return Buffer.byteLength(socketPath) <= LONGEST_SOCKET_PATH ? { socketPath } : { port: 0 };
}

/** Where a supervisor listens or listened; undefined where none was started or its note is damaged. */
export async function readEndpoint(runFolder: string): Promise<Endpoint | undefined> {
  try {
    return endpointSchema.parse(JSON.parse(await readFile(endpointFile(runFolder), 'utf8')));
  } catch {
    // No usable note: nobody to talk to.
    return undefined;
  }
}
