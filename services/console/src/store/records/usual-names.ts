/**
 * The names under which other programs write what ECS calls `@timestamp`, `log.level`, `service.name` and `message`: pino, bunyan,
 * zap, zerolog, logrus, slog, structlog, python-json-logger, Logstash, GELF, Google Cloud, OpenTelemetry.
 */
import { type Fields, flatten, isPlainObject, textOf } from './fields.ts';

const TIMES = ['@timestamp', 'timestamp', 'time', 'ts', 'asctime', 'datetime'];
const LEVELS = [
  ...['log.level', 'level', 'severity', 'severity_text', 'severityText', 'levelname', 'lvl', 'loglevel'],
];
/** structlog's text is `event`; in ECS that name is an object and never a text. */
const MESSAGES = ['msg', 'event', 'short_message', 'textPayload', 'body', 'text'];
const SERVICES = ['service.name', 'service', 'application', 'app'];

function first(fields: Fields, names: readonly string[]): unknown {
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** Returns the fields of a record under flat dotted names, with its message under `message`. */
export function fieldsOf(object: Fields): Fields {
  return withMessage(flatten(object), isPlainObject(object['message']) ? object['message'] : undefined);
}

/** @param message the record's message where it is an object, whose members are fields of their own as well. */
export function withMessage(fields: Fields, message?: Fields): Fields {
  if (fields['message'] !== undefined && fields['message'] !== null) return fields;
  const text = message === undefined ? first(fields, MESSAGES) : JSON.stringify(message);
  return text === undefined ? fields : { ...fields, message: textOf(text) };
}

/** Returns the level as the program wrote it: a name or a number. */
export function levelField(fields: Fields): unknown {
  return first(fields, LEVELS);
}

/** Returns the service's name, undefined where the record has none. */
export function serviceField(fields: Fields): string | undefined {
  const name = first(fields, SERVICES);
  return typeof name === 'string' ? name : undefined;
}

/** Below each bound a number of this size counts seconds, milliseconds, microseconds; above the last, nanoseconds. */
const SCALES: readonly (readonly [below: number, perSecond: number])[] = [
  [1e11, 1],
  [1e14, 1e3],
  [1e17, 1e6],
  [Number.POSITIVE_INFINITY, 1e9],
];

/** Returns the record's time in milliseconds since the epoch, NaN where it cannot be read, undefined where there is none. */
export function timeField(fields: Fields): number | undefined {
  const stamp = first(fields, TIMES);
  if (stamp === undefined) return undefined;
  const amount =
    typeof stamp === 'number' ? stamp : /^\d{9,20}(\.\d+)?$/.test(String(stamp)) ? Number(stamp) : undefined;
  // Python writes milliseconds behind a comma.
  if (amount === undefined)
    return typeof stamp === 'string' ? Date.parse(stamp.replace(',', '.')) : Number.NaN;
  const [, perSecond] = SCALES.find(([below]) => amount < below) ?? [0, 1];
  return (amount / perSecond) * 1000;
}
