import type winston from 'winston';
import type { LogLevel } from '../metric-definitions.ts';

/**
 * Fields of a record, by ECS name (`'event.action'`, `'user.id'`). Nested objects are flattened to dotted keys. An Error under
 * any key becomes `error.type`, `error.message`, `error.stack_trace`. Secrets are removed by key, at any depth.
 */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logger; winston underneath. No method throws or blocks. */
export interface Logger {
  error(message: string | Error, fields?: LogFields): void;
  warn(message: string | Error, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  log(level: LogLevel, message: string | Error, fields?: LogFields): void;
  /** A logger that adds `fields` to each of its records; they are serialised once, here. */
  child(fields: LogFields): Logger;
  isLevelEnabled(level: LogLevel): boolean;
  /** The winston logger, for libraries that want one. */
  readonly winston: winston.Logger;
}

export interface LogOptions {
  /** Least important level written. Default `info`. */
  level?: LogLevel;
  /** Also append to this file; `{hostname}` is replaced. Default: no file. */
  file?: string | undefined;
  /** Write to standard output. Default true. */
  stdout?: boolean;
  /** Rotate the file once it has reached this many bytes. Default 50 MB; 0: never. */
  fileMaxBytes?: number;
  /** Rotated files kept (`.1` the newest). Default 3. */
  fileKeep?: number;
  /** Longest time a record waits before it is handed to the system, ms. Default 50. */
  flushEveryMs?: number;
  /** Bytes an output may owe before further records are dropped and counted. Default 4 MiB. */
  maxBufferedBytes?: number;
}
