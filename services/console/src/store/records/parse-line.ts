import { parseExactJson } from '@lab/kit';
import type { LogRecord } from '../../contract/logs.ts';
import { type Fields, isPlainObject } from './fields.ts';
import { levelOf } from './levels.ts';
import { marks, searchableText } from './text-index.ts';
import { EPOCH_MS } from './time-coded-id.ts';
import { fieldsOf, levelField, serviceField, timeField, withMessage } from './usual-names.ts';

type Defect = NonNullable<LogRecord['defect']>;
/** Codes in the database: the position in this list; 0 is a sound record. Only ever append. */
export const DEFECTS: readonly (Defect | null)[] = [
  null,
  'not-json',
  'not-an-object',
  'too-long',
  'bad-timestamp',
  'no-timestamp',
  'unterminated',
];

/** One line of a log file, ready to be stored. */
export interface ParsedLine {
  /** Milliseconds since the epoch. */
  ms: number;
  /** Position in LOG_LEVELS. */
  level: number;
  service: string;
  /** `service.instance.id` and `event.sequence`: together they name the record, so that a re-read does not double it. */
  instance: string | null;
  sequence: number | null;
  /** Normalised text and marks for the full-text index. */
  text: string;
  /** The line as it stood in the file. */
  line: string;
  /** Position in DEFECTS. */
  defect: number;
}

export interface LineContext {
  /** For lines that do not say their service: the name of their file. */
  service: string;
  /** For lines that do not say their time: that of the line before, else the file's. Milliseconds. */
  ms: number;
  /** A timestamp after this is a broken clock. Milliseconds. */
  latestMs: number;
}

/**
 * Reads a line. Whatever it holds becomes a record: what is not a JSON object is kept as text with a mark.
 * @param defect what the reader of the file knows already: the line was cut (`too-long`) or never ended (`unterminated`).
 * @returns one record; two where the rest of a torn line (a killed process) is followed by a whole one.
 */
export function parseLine(
  line: string,
  context: LineContext,
  defect?: 'too-long' | 'unterminated',
): ParsedLine[] {
  if (defect === 'too-long') return [record(line, fieldsOfCutLine(line), context, 'too-long')];
  const value = parseJson(line.replace(BYTE_ORDER_MARK, ''));
  if (isPlainObject(value)) return [record(line, fieldsOf(value), context, defect)];
  if (value !== undefined) return [record(line, { message: line }, context, 'not-an-object')];
  for (
    let at = line.indexOf('{"', 1), tries = 0;
    at > 0 && tries < 8;
    at = line.indexOf('{"', at + 1), tries++
  ) {
    const rest = parseJson(line.slice(at));
    if (!isPlainObject(rest)) continue;
    const torn = line.slice(0, at);
    return [
      record(torn, fieldsOfCutLine(torn), context, 'not-json'),
      record(line.slice(at), fieldsOf(rest), context, undefined),
    ];
  }
  return [record(line, fieldsOfCutLine(line), context, defect ?? 'not-json')];
}

/** The fields of a stored line, as they were read when it came in. */
export function fieldsOfStored(line: string, defect: number): Fields {
  const kind = DEFECTS[defect];
  if (kind === 'too-long') return fieldsOfCutLine(line);
  if (kind === 'not-an-object') return { message: line };
  const value = parseJson(line.replace(BYTE_ORDER_MARK, ''));
  if (isPlainObject(value)) return fieldsOf(value);
  return fieldsOfCutLine(line);
}

/** Time, level and the rest of a record whose own names may be ECS's or the usual others. */
function record(line: string, fields: Fields, context: LineContext, known: Defect | undefined): ParsedLine {
  let defect = known;
  const parsed = timeField(fields);
  let ms = context.ms;
  if (parsed === undefined) defect ??= 'no-timestamp';
  else {
    if (parsed >= EPOCH_MS && parsed <= context.latestMs) ms = Math.floor(parsed);
    else defect ??= 'bad-timestamp';
  }
  const level = levelOf(levelField(fields));
  const service = serviceField(fields);
  const instance = fields['service.instance.id'];
  const sequence = fields['event.sequence'];
  const identified =
    known === undefined &&
    typeof instance === 'string' &&
    instance.length <= 200 &&
    Number.isSafeInteger(sequence);
  return {
    ms,
    level,
    service: service?.slice(0, 200) ?? context.service,
    instance: identified ? instance : null,
    sequence: identified ? (sequence as number) : null,
    text: searchableText(fields) + marks(fields),
    line,
    defect: defect === undefined ? 0 : DEFECTS.indexOf(defect),
  };
}

function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    // Not JSON: the caller keeps the line as text and marks it.
    return undefined;
  }
}

/** Some programs begin a file with it; JSON does not know it. */
const BYTE_ORDER_MARK = /^\ufeff/;

const PAIR = /"((?:[^"\\]|\\.){1,200})"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false)(?=\s*[,}])/g;

/** The whole name-value pairs of a JSON object whose end is missing; the text itself where there are none. */
function fieldsOfCutLine(line: string): Fields {
  const found: Record<string, unknown> = Object.create(null);
  if (line.startsWith('{')) {
    for (const [, name, value] of line.slice(0, 65_536).matchAll(PAIR)) {
      const key = parseJson(`"${name}"`);
      const parsed = parseJson(value ?? '');
      if (typeof key === 'string' && parsed !== undefined && !(key in found)) found[key] = parsed;
    }
  }
  const named = withMessage(found);
  return named['message'] === undefined ? { ...named, message: line } : named;
}
