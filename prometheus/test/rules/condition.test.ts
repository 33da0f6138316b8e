import { type Leaf, leavesOf, NotPromql, readCondition, signalsOf } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';

/** `signal: x > 1`, one leaf in a line of words. */
function inWords(leaf: Leaf): string {
  if (leaf.kind === 'presence') return `${leaf.role}: ${leaf.promql}`;
  const { role, signal, operator, threshold, matching } = leaf;
  const other = threshold.value ?? threshold.promql;
  return `${role}: ${signal} ${operator} ${matching === '' ? '' : `${matching} `}${other}`;
}

describe('reading a condition', () => {
  test.each([
    ['a comparison', 'rate(x[5m]) > 0.05', ['signal: rate(x[5m]) > 0.05']],
    ['a number on the left', '0.05 <= x', ['signal: x >= 0.05']],
    ['a computed threshold', 'x > 5 / 100', ['signal: x > 0.05']],
    [
      'thresholds in other forms',
      'x > -1e3 and x > 0x1F and x > 1_000',
      ['signal: x > -1000', 'condition: x > 31', 'condition: x > 1000'],
    ],
    ['a duration as threshold', 'time() - x > 5m', ['signal: time() - x > 300']],
    ['vector() as threshold', 'x > on () vector(3)', ['signal: x > on () 3']],
    ['another series as threshold', 'a > on (job) group_left () b', ['signal: a > on (job) group_left () b']],
    ['a guard in the divisor is part of the signal', 'a / (b > 0) > 0.1', ['signal: a / (b > 0) > 0.1']],
    [
      'and, unless',
      'a > 1 and b > 2 unless on () c == 0',
      ['signal: a > 1', 'condition: b > 2', 'exception: c == 0'],
    ],
    [
      'or in front of and',
      '(a > 1 or b < 2) and c > 3',
      ['signal: a > 1', 'signal: b < 2', 'condition: c > 3'],
    ],
    [
      'or behind and',
      'a > 1 and (b > 2 or c > 3)',
      ['signal: a > 1', 'condition: b > 2', 'condition: c > 3'],
    ],
    [
      'and behind unless',
      'a > 1 unless (b > 2 and c > 3)',
      ['signal: a > 1', 'exception: b > 2', 'exception: c > 3'],
    ],
    ['or within the signal', 'min(a or b) == 0', ['signal: min(a or b) == 0']],
    ['two filters of one series', 'x > 1 < 5', ['signal: x > 1', 'condition: x < 5']],
    ['parentheses and comments', '(# why\n(x) > 5 # so\n)', ['signal: (x) > 5']],
    ['a presence', 'up == 0 or absent(up)', ['signal: up == 0', 'signal: absent(up)']],
    ['nothing compared', 'vector(1)', ['signal: vector(1)']],
    ['bool filters nothing', 'x > bool 5', ['signal: x > bool 5']],
    [
      'a relabelled comparison',
      'label_replace(x > 5, "a", "b", "c", "d")',
      ['signal: label_replace(x, "a", "b", "c", "d") > 5'],
    ],
    [
      'computed durations',
      'rate(x[5m * 2] offset -(1m + step())) > 1',
      ['signal: rate(x[5m * 2] offset -(1m + step())) > 1'],
    ],
    ['operators within strings', 'x{y="a > 5 and b"} > 2', ['signal: x{y="a > 5 and b"} > 2']],
  ])('%s', (_, expression, words) => {
    expect(leavesOf(readCondition(expression)).map(inWords)).toEqual(words);
  });

  test('the signals are the comparisons that give the alert its value', () => {
    expect(signalsOf('(a > 1 or b < 2) and c > 3').map(({ signal }) => signal)).toEqual(['a', 'b']);
    expect(signalsOf('absent(up)')).toEqual([]);
  });

  test.each(['', 'x >', 'rate(x[5m]', 'x y', 'x[5m * 2'])('refuses %j', (expression) => {
    expect(() => readCondition(expression)).toThrow(NotPromql);
  });
});
