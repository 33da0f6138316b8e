/** Expressions made at random, each with what it has to be at another time scale: what is scaled and what only looks like it. */
import { formatDuration } from '@lab/prometheus';
import type { Random } from '../../src/backtest/random.ts';

/** A piece of text as written, and as it is expected at the time scale. */
export interface Pair {
  written: string;
  scaled: string;
}

export interface RandomPromql {
  random: Random;
  factor: number;
  /** Whether to use what only Prometheus 3 knows: numbers as durations, computed durations. */
  modern: boolean;
}

const same = (text: string): Pair => ({ written: text, scaled: text });

function joined(...parts: readonly (Pair | string)[]): Pair {
  const pairs = parts.map((part) => (typeof part === 'string' ? same(part) : part));
  return {
    written: pairs.map(({ written }) => written).join(''),
    scaled: pairs.map(({ scaled }) => scaled).join(''),
  };
}

const NAMES = ['up', 'rate5m', 'x1h30m', 'job:requests:rate5m', 'offset5m', 'e1d', 'step_s'];
const MATCHERS = [
  '',
  '{a="1h[5m]"}',
  "{b='offset 5m'}",
  '{c=~`[5m:1m]`,d5m!="\\"1m\\""}',
  '{e="# scale: rate"}',
];
const COMMENTS = ['# over [5m]\n', '# offset 1h\n', '\n', ' ', '  '];

export class PromqlMaker {
  readonly #options: RandomPromql;

  constructor(options: RandomPromql) {
    this.#options = options;
  }

  /** An instant vector. */
  vector(depth = 3): Pair {
    const made = [
      () => this.#selector(),
      // In parentheses: Prometheus 3 takes what follows for a part of an offset that is computed.
      () => joined('(', this.#selector(), ' offset', this.#blank(), this.#offset(), ')'),
      () => joined(this.#selector(), ' @ 1609746000'),
      () => joined(this.#pick(['rate', 'increase', 'max_over_time']), '(', this.#range(), ')'),
      () => joined('max_over_time(', this.#subquery(depth - 1), ')'),
      () => joined('sum by (d5m) (', this.vector(depth - 1), ')'),
      () => joined('(', this.#blank(), this.vector(depth - 1), this.#blank(), ')'),
      () =>
        joined(
          this.vector(depth - 1),
          this.#pick([' + ', ' / on () ', ' and ', ' unless ', ' > bool ']),
          this.vector(depth - 1),
        ),
      () => joined(this.vector(depth - 1), ' > ', this.#number()),
      () => joined('predict_linear(', this.#range(), ', 3600)'),
    ];
    return depth <= 0 ? this.#selector() : (made[this.#below(made.length)] ?? (() => this.#selector()))();
  }

  #selector(): Pair {
    return same(this.#pick(NAMES) + this.#pick(MATCHERS));
  }

  #range(): Pair {
    // 2.42 takes no blank in brackets, and no Prometheus a comment.
    const blank = () => (this.#options.modern ? this.#pick(['', ' ', '\n']) : '');
    return joined(this.#selector(), '[', blank(), this.duration(), blank(), ']');
  }

  #subquery(depth: number): Pair {
    const step = this.#below(2) === 0 ? '' : this.duration();
    return joined('(', this.vector(depth), ')[', this.duration(), ':', step, ']');
  }

  #offset(): Pair {
    return joined(this.#pick(['', '-']), this.duration());
  }

  #number(): Pair {
    const { random, factor } = this.#options;
    const value = 1 + Math.floor(random.uniform() * 1000);
    const mark = this.#below(4);
    if (mark === 0)
      return joined({ written: String(value), scaled: plain(value / factor) }, ' # scale: duration\n');
    if (mark === 1)
      return joined({ written: String(value), scaled: plain(value * factor) }, ' # scale: rate\n');
    return same(this.#pick([String(value), '0.05', '1e3', '-5', 'Inf']));
  }

  /** A duration of at least a second; with a remainder at most factors. */
  duration(): Pair {
    const { random, factor, modern } = this.#options;
    const seconds = 1 + Math.floor(random.uniform() * 100_000);
    const literal = {
      written: formatDuration(seconds * 1000),
      scaled: formatDuration((seconds * 1000) / factor),
    };
    if (!modern) return literal;
    const form = this.#below(5);
    if (form === 0) return { written: String(seconds), scaled: plain(seconds / factor) };
    if (form === 1)
      return { written: `(${seconds}s * 2)`, scaled: formatDuration((seconds * 2000) / factor) };
    if (form === 2) return joined('(2 * step() + ', literal, ')');
    return literal;
  }

  #blank(): Pair {
    return same(this.#pick(COMMENTS));
  }

  #pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const found = from[this.#below(from.length)];
    if (found === undefined) throw new Error('expected something to pick from');
    return found;
  }

  #below(limit: number): number {
    return Math.floor(this.#options.random.uniform() * limit);
  }
}

function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}
