import { hostname } from 'node:os';
import type { ServiceIdentity } from '../identity.ts';
import { type EncodedFields, encodeFields, encodeText } from './encode.ts';
import { isoTimestamp } from './timestamp.ts';
import type { LogFields } from './types.ts';

/** Keys that every line already carries: a field of that name cannot replace them. JSON with a key twice is refused by Elasticsearch. */
const OWN_KEYS = [
  '@timestamp',
  'log.level',
  'message',
  'ecs.version',
  'service.name',
  'service.version',
  'service.environment',
  'service.instance.id',
  'host.name',
  'process.pid',
  'event.sequence',
];

/** Fields serialised once, to be added to many lines. */
export interface Bindings {
  /** `,"key":value` repeated. */
  readonly text: string;
  readonly fields: EncodedFields;
}
export const NO_BINDINGS: Bindings = { text: '', fields: new Map() };

/** Adds `fields` to `parent`'s; later ones win. */
export function bind(parent: Bindings, fields: LogFields): Bindings {
  const merged = encodeFields(fields, new Map(parent.fields));
  for (const key of OWN_KEYS) merged.delete(key);
  return { text: join(merged), fields: merged };
}

/** Makes the lines of one process: ECS names, flat dotted keys, and a sequence that makes loss and doubling countable. */
export class EcsLines {
  #sequence = 0;
  readonly #identity: string;

  constructor(service: ServiceIdentity) {
    const identity = {
      'ecs.version': '8.11.0',
      'service.name': service.name,
      'service.version': service.version,
      'service.environment': service.environment,
      'service.instance.id': service.instanceId,
      'host.name': hostname(),
      'process.pid': process.pid,
    };
    this.#identity = JSON.stringify(identity).slice(1, -1);
  }

  /** A line without its line feed. Never throws. */
  line(level: string, message: string, bindings: Bindings, fields: LogFields | undefined): string {
    if (fields === undefined || fields === null) return this.raw(level, encodeText(message), bindings.text);
    const own = encodeFields(fields, new Map());
    for (const key of OWN_KEYS) own.delete(key);
    for (const key of own.keys()) {
      if (bindings.fields.has(key)) {
        return this.raw(level, encodeText(message), join(new Map([...bindings.fields, ...own])));
      }
    }
    return this.raw(level, encodeText(message), bindings.text + join(own));
  }

  /** @param message JSON text. @param rest `,"key":value` repeated, valid JSON without keys of this class. */
  raw(level: string, message: string, rest: string): string {
    this.#sequence += 1;
    return `{"@timestamp":"${isoTimestamp()}","log.level":"${level}","message":${message},${this.#identity},"event.sequence":${this.#sequence}${rest}}`;
  }
}

function join(fields: EncodedFields): string {
  let text = '';
  for (const [key, value] of fields) text += `,${JSON.stringify(key)}:${value}`;
  return text;
}
