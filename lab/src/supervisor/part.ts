/** A part of the lab as the supervisor sees it: what to spawn, what has to be there first, when it is ready. */

/** What to spawn. It stays in the foreground and writes to stdout and stderr. */
export interface PartCommand {
  command: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment: nothing is inherited, so that a part does not depend on who started the lab. */
  env: Record<string, string>;
  uid?: number;
  gid?: number;
}

export interface Part {
  name: string;
  /** Parts that must be ready before the first start of this one. A restart does not wait for them. */
  dependsOn: readonly string[];
  /** Parts it still talks to while it stops, so that they are stopped after it: for example where its last spans go. */
  leaves?: readonly string[];
  /** Makes ready and returns what to spawn; asked before every start. */
  prepare(): PartCommand | Promise<PartCommand>;
  /** What has to be out of the way right before a spawn; not called for a process that is adopted. */
  beforeSpawn?(command: PartCommand): Promise<void>;
  /** One look: true when it serves. Throwing means not yet. */
  isReady(signal: AbortSignal): Promise<boolean>;
  /** What has to be done once it serves and before a dependent part starts; repeated at every start. */
  afterReady?(): Promise<void>;
  stopSignal: 'SIGTERM' | 'SIGINT';
  /** After which it is ended by force, in milliseconds. */
  stopDeadlineMs: number;
}

/**
 * waiting: for the parts it depends on; back-off: it ended, and is started again after a pause;
 * stopped: on request.
 */
export type PartState = 'waiting' | 'starting' | 'ready' | 'back-off' | 'stopping' | 'stopped';

export interface PartStatus {
  name: string;
  state: PartState;
  /** Stopped by SIGSTOP. */
  paused: boolean;
  pid: number | undefined;
  /** ISO time of the last change of state. */
  since: string;
  /** How often it ended by itself and was started again. */
  restarts: number;
  /** How it ended the last time, or why it could not be started. */
  lastEnd: string | undefined;
  /** Why it is not ready yet, as the last look at it said. */
  notReady: string | undefined;
}

/** Orders names so that each comes after those it depends on. @throws Error for a cycle or an unknown name. */
export function inDependencyOrder(parts: readonly Part[]): Part[] {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const ordered = new Set<Part>();
  function visit(part: Part, path: readonly string[]): void {
    if (ordered.has(part)) return;
    if (path.includes(part.name))
      throw new Error(`parts depend on each other: ${[...path, part.name].join(' → ')}`);
    for (const name of part.dependsOn) {
      const needed = byName.get(name);
      if (!needed) throw new Error(`${part.name} depends on ${name}, which is no part`);
      visit(needed, [...path, part.name]);
    }
    ordered.add(part);
  }
  for (const part of parts) visit(part, []);
  return [...ordered];
}
