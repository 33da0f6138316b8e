import { LEVEL, MESSAGE } from 'triple-beam';
import winston from 'winston';
import Transport from 'winston-transport';
import { LOG_LEVELS, type LogLevel } from '../metric-definitions.ts';
import { describeError, isError, messageOf } from './describe-error.ts';
import { type Bindings, bind, type EcsLines, NO_BINDINGS } from './ecs-line.ts';
import type { LogOutput } from './log-output.ts';
import type { LogFields, Logger } from './types.ts';

const RANK: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** A record on its way through winston. Records that libraries log have their fields as further own properties. */
interface Info extends winston.Logform.TransformableInfo {
  [LEVEL]?: string;
  [MESSAGE]?: string;
  bindings?: Bindings;
  fields?: LogFields | undefined;
  /** JSON text of the message and the rest of the line, ready made (access lines). */
  ready?: { message: string; rest: string };
}

export interface LoggerParts {
  lines: EcsLines;
  output: LogOutput;
  level: LogLevel;
  /** Called for every record written. */
  onRecord: (level: LogLevel) => void;
  /** Called instead of throwing. */
  onError: (error: unknown) => void;
}

/** What the request middleware needs beyond a `Logger`. */
export interface FastLogger extends Logger {
  /** Writes a line whose fields are JSON text already. */
  ready(level: LogLevel, message: string, rest: string): void;
}

/** winston with one format, which makes the ECS line, and one transport, which appends it to the output. */
export function createLogger(parts: LoggerParts): FastLogger {
  const inner = winston.createLogger({
    level: parts.level,
    levels: RANK,
    format: ecsFormat(parts),
    transports: [new LineTransport(parts)],
    exitOnError: false,
  });
  inner.on('error', parts.onError);
  return new WinstonLogger(inner, parts, NO_BINDINGS);
}

function ecsFormat({ lines }: LoggerParts): winston.Logform.Format {
  return {
    transform(given) {
      const info = given as Info;
      const level = info[LEVEL] ?? info.level;
      if (info.ready !== undefined) {
        info[MESSAGE] = lines.raw(level, info.ready.message, info.ready.rest);
      } else if (info.bindings !== undefined) {
        info[MESSAGE] = lines.line(level, String(info.message), info.bindings, info.fields);
      } else {
        const { level: _, message, ...fields } = info;
        info[MESSAGE] = lines.line(level, messageText(message), NO_BINDINGS, fields);
      }
      return info;
    },
  };
}

class LineTransport extends Transport {
  readonly #parts: LoggerParts;

  constructor(parts: LoggerParts) {
    super();
    this.#parts = parts;
  }

  override log(info: Info, next: () => void): void {
    try {
      if (info[MESSAGE] !== undefined) this.#parts.output.append(info[MESSAGE]);
      this.#parts.onRecord(isLevel(info[LEVEL]) ? info[LEVEL] : 'info');
    } catch (error) {
      this.#parts.onError(error);
    }
    next();
  }
}

class WinstonLogger implements FastLogger {
  readonly winston: winston.Logger;
  readonly #parts: LoggerParts;
  readonly #bindings: Bindings;

  constructor(inner: winston.Logger, parts: LoggerParts, bindings: Bindings) {
    this.winston = inner;
    this.#parts = parts;
    this.#bindings = bindings;
  }

  error(message: string | Error, fields?: LogFields): void {
    this.log('error', message, fields);
  }
  warn(message: string | Error, fields?: LogFields): void {
    this.log('warn', message, fields);
  }
  info(message: string, fields?: LogFields): void {
    this.log('info', message, fields);
  }
  debug(message: string, fields?: LogFields): void {
    this.log('debug', message, fields);
  }

  log(level: LogLevel, message: string | Error, fields?: LogFields): void {
    if (!this.isLevelEnabled(level)) return;
    this.#write(() => {
      const isText = typeof message === 'string';
      return {
        level,
        [LEVEL]: level,
        message: isText ? message : messageText(message),
        bindings: this.#bindings,
        fields: isText ? fields : { error: message, ...fields },
      };
    });
  }

  ready(level: LogLevel, message: string, rest: string): void {
    if (!this.isLevelEnabled(level)) return;
    this.#write(() => ({ level, [LEVEL]: level, message: '', ready: { message, rest } }));
  }

  child(fields: LogFields): Logger {
    try {
      return new WinstonLogger(this.winston, this.#parts, bind(this.#bindings, fields));
    } catch (error) {
      this.#parts.onError(error);
      return this;
    }
  }

  isLevelEnabled(level: LogLevel): boolean {
    return RANK[level] <= (RANK[this.winston.level as LogLevel] ?? RANK.info);
  }

  #write(info: () => Info): void {
    try {
      this.winston.write(info());
    } catch (error) {
      this.#parts.onError(error);
    }
  }
}

function messageText(message: unknown): string {
  if (typeof message === 'string') return message;
  if (isError(message)) {
    const { type, message: text } = describeError(message);
    return text || type;
  }
  return messageOf(message);
}

function isLevel(level: unknown): level is LogLevel {
  return LOG_LEVELS.some((known) => known === level);
}
