import { parser } from '@prometheus-io/lezer-promql';
import { formatDuration, parseDuration } from '../duration.ts';

/** A place in an expression and what to write there. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

/** The convention for absolute numbers, written behind them: docs/alerts.md, "Time scale". */
const MARK = /^#\s*scale:\s*(\S*)\s*$/;

/**
 * An expression for time that runs `factor` times faster: ranges, subquery steps and offsets divided by it, and the numbers marked by
 * `# scale: duration` (divided: seconds of the same clock) or `# scale: rate` (multiplied: the same count in a shorter window).
 * Everything else stays: a latency, a ratio or a rate of failures is no shorter for being watched more impatiently.
 *
 * Throws an Error that shows the place when the expression cannot be parsed, or a mark is unknown or has no number before it.
 */
export function scalePromql(expression: string, factor: number): string {
  const edits: Edit[] = [];
  const numbers: { from: number; to: number }[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      const text = expression.slice(node.from, node.to);
      if (node.type.isError) throw new Error(`not a PromQL expression, at "${near(expression, node.from)}"`);
      if (node.name === 'NumberDurationLiteralInDurationContext') {
        edits.push({ from: node.from, to: node.to, text: scaleSignedDuration(text, factor) });
      } else if (node.name === 'NumberDurationLiteral') {
        numbers.push({ from: node.from, to: node.to });
      } else if (node.name === 'LineComment' && text.includes('scale:')) {
        edits.push(scaleMarked(expression, node.from, text, numbers, factor));
      }
    },
  });
  return edits
    .sort((a, b) => b.from - a.from)
    .reduce((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), expression);
}

function scaleMarked(
  expression: string,
  at: number,
  comment: string,
  numbers: readonly { from: number; to: number }[],
  factor: number,
): Edit {
  const kind = MARK.exec(comment)?.[1];
  if (kind !== 'duration' && kind !== 'rate') {
    throw new Error(`expected "# scale: duration" or "# scale: rate", received "${comment}"`);
  }
  const line = expression.lastIndexOf('\n', at) + 1;
  const number = numbers.findLast(({ from, to }) => from >= line && to <= at);
  if (number === undefined)
    throw new Error(`no number before "${comment}" on its line, at "${near(expression, line)}"`);
  const value = Number(expression.slice(number.from, number.to));
  if (!Number.isFinite(value))
    throw new Error(`expected a plain number before "${comment}", at "${near(expression, line)}"`);
  return { ...number, text: String(round(kind === 'duration' ? value / factor : value * factor)) };
}

function scaleSignedDuration(text: string, factor: number): string {
  const negative = text.startsWith('-');
  return `${negative ? '-' : ''}${scaleDuration(negative ? text.slice(1).trim() : text, factor)}`;
}

/** A Prometheus duration divided by `factor`, at least 1 ms unless it was 0. */
export function scaleDuration(duration: string, factor: number): string {
  const milliseconds = parseDuration(duration);
  return formatDuration(milliseconds === 0 ? 0 : Math.max(1, milliseconds / factor));
}

/** Twelve digits: what a division by ten adds beyond is the binary system's, not the author's. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

function near(text: string, at: number): string {
  return text.slice(at, at + 40).split('\n')[0] ?? '';
}
