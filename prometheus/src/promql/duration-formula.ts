/** Computed durations (`5m * 2`, `max_of(step(), 1m)`): how they are written, and what they are in faster time. */
import { formatDuration, parseDuration } from '../duration.ts';
import { type Edit, edited } from '../edits.ts';
import { isDuration, numberOf } from './number.ts';

/** A computed duration that cannot be brought to another time scale. */
export class UnscalableFormula extends Error {
  override readonly name = 'UnscalableFormula';
}

type Formula =
  | { kind: 'literal'; from: number; to: number; text: string }
  /** `step()` and `range()`, which Prometheus fills in: at a faster scale they are shorter by themselves. */
  | { kind: 'given' }
  | { kind: 'sign'; negative: boolean; inner: Formula }
  | { kind: 'binary'; operator: string; left: Formula; right: Formula };

/**
 * Divides a computed duration by a factor. One without `step()` and `range()` becomes a plain duration. In others the literals that are
 * durations are divided and the ones that are mere numbers stay: `step() * 2 + 1m` becomes `step() * 2 + 6s`.
 * @throws UnscalableFormula where it cannot be read, or where no division of its literals divides the whole, as in `step() * step()`.
 */
export function scaleFormula(text: string, factor: number): string {
  const formula = new Reader(text).read();
  const value = secondsOf(formula);
  if (value !== undefined) return asDuration(value / factor, text);
  const edits = editsFor(formula, 1, factor);
  if (edits === undefined) throw new UnscalableFormula(`"${text}" is not divided by dividing its durations`);
  return edited(text, edits);
}

/** Divides a literal, a duration or a number of seconds, by a factor; its form stays. @throws UnscalableFormula */
export function scaleLiteral(text: string, factor: number): string {
  const literal = text.toLowerCase();
  if (isDuration(literal)) {
    const milliseconds = parseDuration(literal);
    return formatDuration(milliseconds === 0 ? 0 : Math.max(1, milliseconds / factor));
  }
  const seconds = numberOf(text);
  if (seconds === undefined) throw new UnscalableFormula(`expected a duration, received "${text}"`);
  if (!Number.isFinite(seconds)) return text;
  return String(Number((seconds / factor).toPrecision(12)));
}

function asDuration(seconds: number, text: string): string {
  if (!Number.isFinite(seconds)) throw new UnscalableFormula(`"${text}" is not a duration`);
  const milliseconds = Math.abs(seconds) * 1000;
  const sign = seconds < 0 ? '-' : '';
  return sign + formatDuration(milliseconds === 0 ? 0 : Math.max(1, milliseconds));
}

const COMPUTE: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
  min: Math.min,
  max: Math.max,
};

/** Seconds; undefined where Prometheus fills something in. */
function secondsOf(formula: Formula): number | undefined {
  if (formula.kind === 'given') return undefined;
  if (formula.kind === 'literal') return numberOf(formula.text);
  if (formula.kind === 'sign') {
    const inner = secondsOf(formula.inner);
    return inner !== undefined && formula.negative ? -inner : inner;
  }
  const [left, right] = [secondsOf(formula.left), secondsOf(formula.right)];
  return left === undefined || right === undefined ? undefined : COMPUTE[formula.operator]?.(left, right);
}

/**
 * The edits that divide a formula by the factor (power 1) or leave its value as it is (power 0); undefined where there are none. Times
 * add with times, and are multiplied and divided by numbers.
 */
function editsFor(formula: Formula, power: 0 | 1, factor: number): Edit[] | undefined {
  if (formula.kind === 'given') return power === 1 ? [] : undefined;
  if (formula.kind === 'sign') return editsFor(formula.inner, power, factor);
  if (formula.kind === 'literal') {
    const { from, to, text } = formula;
    if (power === 1) return [{ from, to, text: scaleLiteral(text, factor) }];
    return isDuration(text.toLowerCase()) ? undefined : [];
  }
  const { operator, left, right } = formula;
  const both = (one: 0 | 1, other: 0 | 1) => {
    const [before, after] = [editsFor(left, one, factor), editsFor(right, other, factor)];
    return before && after ? [...before, ...after] : undefined;
  };
  if (operator === '*') return power === 1 ? (both(1, 0) ?? both(0, 1)) : both(0, 0);
  if (operator === '/') return power === 1 ? both(1, 0) : (both(0, 0) ?? both(1, 1));
  if (operator === '^') return power === 0 ? both(0, 0) : undefined;
  return both(power, power);
}

const TOKEN = /#[^\n]*|\s+|[\d.][\w.]*|[A-Za-z_]\w*|[\s\S]/g;
const PRECEDENCE: readonly (readonly string[])[] = [
  ['+', '-'],
  ['*', '/', '%'],
];

/** Reads by Prometheus's precedence: `^` binds closest and to the right, then signs, then `* / %`, then `+ -`. */
class Reader {
  readonly #text: string;
  readonly #tokens: readonly { text: string; from: number; to: number }[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...text.matchAll(TOKEN)]
      .map(({ 0: token, index: from }) => ({ text: token, from, to: from + token.length }))
      .filter(({ text: token }) => !/^[\s#]/.test(token));
  }

  read(): Formula {
    const formula = this.#operation(0);
    if (this.#next < this.#tokens.length) throw this.#unreadable();
    return formula;
  }

  #operation(level: number): Formula {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.#signed();
    let left = this.#operation(level + 1);
    for (let operator = this.#take(operators); operator !== undefined; operator = this.#take(operators))
      left = { kind: 'binary', operator, left, right: this.#operation(level + 1) };
    return left;
  }

  #signed(): Formula {
    const sign = this.#take(['+', '-']);
    return sign === undefined
      ? this.#power()
      : { kind: 'sign', negative: sign === '-', inner: this.#signed() };
  }

  #power(): Formula {
    const left = this.#operand();
    return this.#take(['^']) === undefined
      ? left
      : { kind: 'binary', operator: '^', left, right: this.#signed() };
  }

  #operand(): Formula {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.#unreadable();
    this.#next += 1;
    if (token.text === '(') return this.#closed(this.#operation(0));
    if (/^[\d.]/.test(token.text) && numberOf(token.text) !== undefined) return { kind: 'literal', ...token };
    const name = /^(?:step|range|min|max|min_of|max_of)$/.exec(token.text.toLowerCase())?.[0];
    if (name === undefined || this.#take(['(']) === undefined) throw this.#unreadable();
    if (name === 'step' || name === 'range') return this.#closed({ kind: 'given' });
    const left = this.#operation(0);
    if (this.#take([',']) === undefined) throw this.#unreadable();
    const right = this.#operation(0);
    return this.#closed({ kind: 'binary', operator: name.slice(0, 3), left, right });
  }

  #closed(formula: Formula): Formula {
    if (this.#take([')']) === undefined) throw this.#unreadable();
    return formula;
  }

  #take(wanted: readonly string[]): string | undefined {
    const text = this.#tokens[this.#next]?.text;
    if (text === undefined || !wanted.includes(text)) return undefined;
    this.#next += 1;
    return text;
  }

  #unreadable(): UnscalableFormula {
    return new UnscalableFormula(`expected a duration, received "${this.#text}"`);
  }
}
