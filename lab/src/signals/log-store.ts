/** The questions that the lab has about log lines, wherever they are kept. Each driver hands out the adapter of its store. */

export interface LogRecord {
  service: string;
  message: string;
  /** Flat ECS fields. */
  fields: Record<string, unknown>;
}

/** Log lines since a moment: each process numbers its lines, so a missing one is known. */
export interface LineAccount {
  /** Lines that there have to be. */
  written: number;
  /** Numbers that a process skipped. 0 where only the store can be asked. */
  gaps: number;
  /** Lines that the store lacks. */
  notStored: number;
  storedTwice: number;
  /** The time for which lines of the last moment were waited for in vain, milliseconds; undefined where they arrived. */
  behindMs: number | undefined;
}

export interface LogStore {
  /** Names the store for people. */
  readonly title: string;
  /** Returns the lines of one request, by its id. @throws Error where the store does not answer. */
  ofRequest(requestId: string, signal: AbortSignal): Promise<LogRecord[]>;
  /**
   * Accounts for every line since `since` (Unix milliseconds). Waits for lines that are still on their way.
   * @throws Error where the store does not answer.
   */
  account(since: number, signal: AbortSignal): Promise<LineAccount>;
  /** Returns the address where a person sees the lines of one request, from one moment to another (Unix milliseconds). */
  link(requestId: string, range: { from: number; to: number }): string;
}
