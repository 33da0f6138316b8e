import { OtlpDecodeError } from './errors.ts';

/** Reads untrusted plain objects, knowing where it is: errors say `resourceSpans[0].scopeSpans[0].spans[3].traceId: expected …`. */
export class Reader {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    this.#value = value;
    this.#path = path;
  }

  get value(): unknown {
    return this.#value;
  }

  fail(expected: string): never {
    throw new OtlpDecodeError(
      `${this.#path || 'body'}: expected ${expected}, received ${brief(this.#value)}`,
    );
  }

  get absent(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  field(name: string): Reader {
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value))
      this.fail('an object');
    const value = Object.hasOwn(this.#value, name)
      ? (this.#value as Record<string, unknown>)[name]
      : undefined;
    return new Reader(value, this.#path === '' ? name : `${this.#path}.${name}`);
  }

  /** Absent reads as empty: protobuf does not tell the two apart. */
  items(): Reader[] {
    if (this.absent) return [];
    if (!Array.isArray(this.#value)) this.fail('an array');
    return this.#value.map((item, index) => new Reader(item, `${this.#path}[${index}]`));
  }

  text(): string {
    if (this.absent) return '';
    return typeof this.#value === 'string' ? this.#value : this.fail('a string');
  }

  /** 64-bit, as JSON number, decimal string or bigint. */
  integer(): bigint {
    if (this.absent) return 0n;
    const value = this.#value;
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
    if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
    return this.fail('a whole number');
  }

  /** A number, or the enum's name in JSON. @param names by number. */
  enumeration(names: readonly string[], prefix: string): number {
    if (this.absent) return 0;
    if (typeof this.#value === 'string' && this.#value.startsWith(prefix)) {
      const index = names.indexOf(this.#value.slice(prefix.length).toLowerCase());
      if (index >= 0) return index;
    }
    const number = Number(this.integer());
    // Numbers that a newer sender knows and we do not: as good as unset.
    return number >= 0 && number < names.length ? number : 0;
  }

  /** Hex in JSON, bytes in protobuf. @returns lower-case hex; '' for an absent or empty id. */
  id(bytes: number): string {
    if (this.absent) return '';
    const hex =
      this.#value instanceof Uint8Array
        ? Buffer.from(this.#value).toString('hex')
        : typeof this.#value === 'string'
          ? this.#value.toLowerCase()
          : this.fail('an id');
    if (hex === '') return '';
    if (hex.length !== bytes * 2 || !/^[0-9a-f]+$/.test(hex)) this.fail(`${bytes} bytes in hex`);
    return hex;
  }
}

/** Never the whole value: it may be huge, or nested too deeply to be written. */
function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
