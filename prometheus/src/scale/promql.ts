import { formatDuration, parseDuration } from '../duration.ts';
import { type Edit, edited } from '../edits.ts';
import { scaleFormula, scaleLiteral } from '../promql/duration-formula.ts';
import { isDuration, numberOf } from '../promql/number.ts';
import { type Node, near, nodesOf, parsePromql } from '../promql/syntax.ts';

/** The convention for absolute numbers, written behind them: docs/alerts.md, "Time scale". */
const MARK = /^#\s*scale:\s*(.*?)\s*$/;

/** A mark that says nothing, or that stands behind nothing. */
export class BadMark extends Error {
  override readonly name = 'BadMark';
}

export interface PromqlScale {
  /** The step of a subquery that names none, such as `500ms`; left to Prometheus where it is undefined. */
  defaultStep?: string | undefined;
}

/**
 * An expression for time that runs `factor` times faster: ranges, subquery steps and offsets divided by it, computed ones too, and the
 * numbers marked by `# scale: duration` (divided: seconds of the same clock) or `# scale: rate` (multiplied: the same count in a shorter
 * window). Everything else stays, to the letter: a latency, a ratio or a rate of failures is no shorter for being watched more
 * impatiently, and `@` is a moment.
 *
 * @throws NotPromql where the expression cannot be parsed, BadMark where a mark is unknown or has no number before it, UnscalableFormula
 * where a computed duration cannot be divided.
 */
export function scalePromql(expression: string, factor: number, options: PromqlScale = {}): string {
  return edited(expression, promqlEdits(expression, factor, options));
}

/** The edits that `scalePromql` does. @throws as it */
export function promqlEdits(expression: string, factor: number, { defaultStep }: PromqlScale = {}): Edit[] {
  const { root, computed } = parsePromql(expression);
  const edits: Edit[] = computed.map(({ from, to }) => ({
    from,
    to,
    text: scaleFormula(expression.slice(from, to), factor),
  }));
  const isComputed = (node: Node) => computed.some(({ from, to }) => node.from >= from && node.to <= to);
  const numbers: Node[] = [];
  for (const node of nodesOf(root)) {
    if (node.name === 'NumberDurationLiteralInDurationContext' && !isComputed(node))
      edits.push(scaledDuration(node, expression, factor));
    if (node.name === 'NumberDurationLiteral' && !isMoment(node)) numbers.push(node);
    if (node.name === 'SubqueryExpr' && defaultStep !== undefined)
      edits.push(...stepGiven(node, expression, defaultStep));
  }
  for (const comment of commentsOf(root, expression)) {
    const mark = MARK.exec(comment.text)?.[1];
    if (mark !== undefined) edits.push(scaledNumber(expression, comment, mark, numbers, factor));
  }
  return edits.filter(({ from, to, text }) => expression.slice(from, to) !== text);
}

/** A Prometheus duration divided by `factor`, at least 1 ms unless it was 0. */
export function scaleDuration(duration: string, factor: number): string {
  const milliseconds = parseDuration(duration);
  return formatDuration(milliseconds === 0 ? 0 : Math.max(1, milliseconds / factor));
}

/** `- 5m` becomes `-30s`: a sign stands by its duration. */
function scaledDuration({ from, to }: Node, expression: string, factor: number): Edit {
  const [, sign = '', literal = ''] =
    /^([+-]?)(?:\s|#[^\n]*\n)*(.*)$/s.exec(expression.slice(from, to)) ?? [];
  return { from, to, text: sign + scaleLiteral(literal, factor) };
}

/** `x @ 1609746000` is a moment, no number of seconds. */
function isMoment(node: Node): boolean {
  return node.parent?.name === 'StepInvariantExpr';
}

/** `[1h:]` without a step of its own: Prometheus takes its evaluation interval, which does not go below a second at any scale. */
function stepGiven(node: Node, expression: string, step: string): Edit[] {
  const colon = /:\s*(?:#[^\n]*\s*)*\]$/.exec(expression.slice(node.from, node.to));
  if (colon === null) return [];
  const at = node.from + colon.index + 1;
  return [{ from: at, to: at, text: step }];
}

interface Comment {
  from: number;
  text: string;
}

/** Comments before, within and behind the expression, which is where a mark usually stands. */
function commentsOf(root: Node, expression: string): Comment[] {
  const found: Comment[] = [];
  let top = root;
  while (top.parent !== null) top = top.parent;
  top.cursor().iterate(({ name, from, to }) => {
    if (name === 'LineComment') found.push({ from, text: expression.slice(from, to) });
  });
  return found;
}

function scaledNumber(
  expression: string,
  { from: at, text: comment }: Comment,
  mark: string,
  numbers: readonly Node[],
  factor: number,
): Edit {
  if (mark !== 'duration' && mark !== 'rate')
    throw new BadMark(`expected "# scale: duration" or "# scale: rate", received "${comment}"`);
  const line = expression.lastIndexOf('\n', at) + 1;
  const number = numbers.findLast(({ from, to }) => from >= line && to <= at);
  if (number === undefined)
    throw new BadMark(`no number before "${comment}" on its line, at "${near(expression, line)}"`);
  const { from, to } = number;
  const literal = expression.slice(from, to);
  if (isDuration(literal.toLowerCase()) && mark === 'duration')
    return { from, to, text: scaleLiteral(literal, factor) };
  const value = isDuration(literal.toLowerCase()) ? undefined : numberOf(literal);
  if (value === undefined || !Number.isFinite(value))
    throw new BadMark(`expected a plain number before "${comment}", at "${near(expression, line)}"`);
  const scaled = mark === 'duration' ? value / factor : value * factor;
  // Twelve digits: what a division by ten adds beyond is the binary system's, not the author's.
  return { from, to, text: String(Number(scaled.toPrecision(12))) };
}
