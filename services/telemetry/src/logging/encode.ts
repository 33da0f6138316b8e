import { describeError, isError, messageOf } from './describe-error.ts';
import { isSecretKey, REDACTED, redactText } from './redaction.ts';

/**
 * Turns anything into JSON text, field by field, without ever throwing: circular, huge and hostile values (throwing getters,
 * BigInt, a `toJSON` that throws) come out shortened and marked. Owns limits and redaction; knows nothing of where a line goes.
 */

/** Docker's log drivers split lines at 16 KiB; a record stays below. */
export const MAX_RECORD_BYTES = 15_000;
const MAX_STRING = 4_000;
const MAX_STACK = 6_000;
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
const MAX_KEYS = 100;

/** Roots that are objects in ECS: a plain value under one of them would break the index's mapping, so it goes to `labels.…`. */
const OBJECT_ROOTS = new Set(
  'agent as base client cloud container destination device dns ecs error event faas file geo group host http labels log network observer orchestrator organization os package process registry related rule server service session source span task threat tls trace transaction url user user_agent'.split(
    ' ',
  ),
);

/** Encoded fields of one record, in order; a key appears once. */
export type EncodedFields = Map<string, string>;

interface State {
  readonly out: EncodedFields;
  readonly ancestors: Set<object>;
  bytesLeft: number;
  truncated: boolean;
}

/** Adds `fields`, flattened to dotted keys, to `out`. Where a value had to be shortened, `log.truncated` is true. */
export function encodeFields(
  fields: object,
  out: EncodedFields,
  bytesLeft = MAX_RECORD_BYTES,
): EncodedFields {
  const state: State = { out, ancestors: new Set(), bytesLeft, truncated: false };
  // Callers without types hand in anything; what has no keys is kept as a whole.
  if (isObject(fields) && !Array.isArray(fields)) flatten(state, '', fields, 0);
  else if (fields !== undefined && fields !== null) put(state, 'labels.value', encodeValue(state, fields, 0));
  if (state.truncated) out.set('log.truncated', 'true');
  return out;
}

/** JSON text of a string: shortened, redacted, quoted. */
export function encodeText(text: string, limit = MAX_STRING): string {
  if (text.length <= limit) return JSON.stringify(redactText(text));
  const kept = redactText(text.slice(0, limit));
  return JSON.stringify(`${kept}… [truncated, ${text.length - limit} more characters]`);
}

function flatten(state: State, prefix: string, object: object, depth: number): void {
  let keys: string[];
  try {
    keys = Object.keys(object);
  } catch (error) {
    put(state, prefix || 'log.unreadable', unreadable(error));
    return;
  }
  if (keys.length > MAX_KEYS) {
    state.truncated = true;
    keys.length = MAX_KEYS;
  }
  state.ancestors.add(object);
  for (const key of keys) {
    let value: unknown;
    try {
      value = (object as Record<string, unknown>)[key];
    } catch (error) {
      put(state, joined(prefix, key), unreadable(error));
      continue;
    }
    flattenValue(state, joined(prefix, key), key, value, depth);
  }
  state.ancestors.delete(object);
}

function flattenValue(state: State, path: string, key: string, value: unknown, depth: number): void {
  if (value === undefined) return;
  if (isSecretKey(key)) {
    put(state, path, `"${REDACTED}"`);
    return;
  }
  if (isError(value)) {
    flattenError(state, depth === 0 ? 'error' : path, value);
    return;
  }
  const plain = isObject(value) ? jsonForm(value) : value;
  if (plain === undefined) return;
  if (!isObject(plain) || Array.isArray(plain)) {
    put(state, path, encodeValue(state, plain, depth + 1));
    return;
  }
  const brief = briefForm(plain);
  if (brief !== undefined) put(state, path, JSON.stringify(brief));
  else if (state.ancestors.has(plain)) put(state, path, '"[circular]"');
  else if (depth >= MAX_DEPTH) {
    state.truncated = true;
    put(state, path, '"[truncated: too deep]"');
  } else flatten(state, path, plain, depth + 1);
}

function flattenError(state: State, path: string, error: object): void {
  const { type, message, stack, code, cause } = describeError(error);
  put(state, `${path}.type`, encodeText(type, 200));
  put(state, `${path}.message`, encodeText(message));
  if (code !== undefined) put(state, `${path}.code`, encodeText(code, 200));
  if (stack !== undefined) put(state, `${path}.stack_trace`, encodeText(stack, MAX_STACK));
  if (cause !== undefined) put(state, `${path}.cause`, encodeText(cause));
}

/** A value that is not flattened: scalars, and everything inside arrays. */
function encodeValue(state: State, value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      if (value.length > MAX_STRING) state.truncated = true;
      return encodeText(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case 'boolean':
      return String(value);
    case 'bigint':
      return `"${value}"`;
    case 'symbol':
      return JSON.stringify(String(value));
    case 'function':
      return '"[function]"';
    case 'object':
      return value === null ? 'null' : encodeObject(state, value, depth);
    default:
      return 'null';
  }
}

function encodeObject(state: State, value: object, depth: number): string {
  if (isError(value)) {
    const { type, message } = describeError(value);
    return `{"type":${encodeText(type, 200)},"message":${encodeText(message)}}`;
  }
  const brief = briefForm(value);
  if (brief !== undefined) return JSON.stringify(brief);
  if (state.ancestors.has(value)) return '"[circular]"';
  if (depth >= MAX_DEPTH) {
    state.truncated = true;
    return '"[truncated: too deep]"';
  }
  state.ancestors.add(value);
  try {
    return Array.isArray(value) ? encodeArray(state, value, depth) : encodeEntries(state, value, depth);
  } catch (error) {
    return unreadable(error);
  } finally {
    state.ancestors.delete(value);
  }
}

function encodeArray(state: State, items: readonly unknown[], depth: number): string {
  const parts: string[] = [];
  const shown = Math.min(items.length, MAX_ITEMS);
  let bytes = 0;
  for (let index = 0; index < shown && bytes < state.bytesLeft; index += 1) {
    const part = encodeItem(state, items, index, depth);
    bytes += part.length;
    parts.push(part);
  }
  if (parts.length < items.length) {
    state.truncated = true;
    parts.push(`"[truncated, ${items.length - parts.length} more items]"`);
  }
  return `[${parts.join(',')}]`;
}

function encodeEntries(state: State, object: object, depth: number): string {
  const parts: string[] = [];
  let bytes = 0;
  for (const key of Object.keys(object)) {
    if (parts.length >= MAX_KEYS || bytes >= state.bytesLeft) {
      state.truncated = true;
      break;
    }
    const encoded = isSecretKey(key) ? `"${REDACTED}"` : encodeItem(state, object, key, depth);
    const part = `${JSON.stringify(key.slice(0, 200))}:${encoded}`;
    bytes += part.length;
    parts.push(part);
  }
  return `{${parts.join(',')}}`;
}

function encodeItem(state: State, holder: object, key: string | number, depth: number): string {
  try {
    const value = (holder as Record<string | number, unknown>)[key];
    return encodeValue(state, isObject(value) && !isError(value) ? jsonForm(value) : value, depth + 1);
  } catch (error) {
    return unreadable(error);
  }
}

/** What `toJSON` says, if there is one. Called once: what it returns is taken as it is. */
function jsonForm(value: object): unknown {
  // Before `toJSON`: a Buffer's makes an array of all its bytes.
  const brief = briefForm(value);
  if (brief !== undefined) return brief;
  try {
    const { toJSON } = value as { toJSON?: unknown };
    return typeof toJSON === 'function' ? Reflect.apply(toJSON, value, ['']) : value;
  } catch (error) {
    return `[unreadable: toJSON threw ${messageOf(error)}]`;
  }
}

/** Objects whose own keys say nothing, or far too much. */
function briefForm(value: object): string | undefined {
  try {
    if (ArrayBuffer.isView(value)) return `[binary, ${value.byteLength} bytes]`;
    if (value instanceof ArrayBuffer) return `[binary, ${value.byteLength} bytes]`;
    if (value instanceof Map || value instanceof Set)
      return `[${value.constructor.name}, ${value.size} entries]`;
    if (value instanceof RegExp || value instanceof URL) return redactText(String(value));
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) return '[object]';
  } catch (error) {
    return `[unreadable: ${messageOf(error)}]`;
  }
  return undefined;
}

function put(state: State, path: string, encoded: string): void {
  const key = path.length > 200 ? path.slice(0, 200) : path;
  const bytes = key.length + encoded.length + 4;
  const wide = bytes > 500 ? Buffer.byteLength(encoded) - encoded.length : 0;
  if (bytes + wide > state.bytesLeft) {
    state.truncated = true;
    return;
  }
  state.bytesLeft -= bytes + wide;
  if (!key.includes('.') && OBJECT_ROOTS.has(key)) {
    state.out.set(key === 'error' ? 'error.message' : `labels.${key}`, encoded);
  } else {
    state.out.set(key, encoded);
  }
}

const joined = (prefix: string, key: string): string => (prefix === '' ? key : `${prefix}.${key}`);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const unreadable = (reason: unknown): string => encodeText(`[unreadable: ${messageOf(reason)}]`, 500);
