import { describe, expect, it } from 'vitest';
import { barShares, rulerTicks, selfTimeMs, waterfallRows } from '../../../src/app/traces/waterfall.ts';
import type { Span } from '../../../src/contract/traces.ts';

const span = (
  spanId: string,
  parentSpanId: string | null,
  offsetMs: number,
  durationMs: number,
  error = false,
): Span => ({
  spanId,
  parentSpanId,
  service: 's',
  instance: null,
  name: spanId,
  kind: 'internal',
  offsetMs,
  durationMs,
  error,
  statusMessage: null,
  attributes: {},
  resource: {},
  scope: null,
  events: [],
  links: [],
});
const rows = (spans: Span[], ...folded: string[]) =>
  waterfallRows({ spans }, new Set(folded)).map((row) => `${'-'.repeat(row.depth)}${row.span.spanId}`);

describe('the tree', () => {
  const spans = [
    span('root', null, 0, 100),
    span('late', 'root', 50, 10),
    span('early', 'root', 5, 10),
    span('leaf', 'late', 51, 2, true),
  ];
  it('puts children under their parents in order of start', () => {
    expect(rows(spans)).toEqual(['root', '-early', '-late', '--leaf']);
  });
  it('orders to the fraction of a millisecond, and of those that start at once the one that ended first', () => {
    const together = [
      span('root', null, 0, 10),
      span('INSERT', 'root', 6, 1.25),
      span('BEGIN', 'root', 6, 0.65),
      span('SELECT', 'root', 5.9992, 3),
    ];
    expect(rows(together)).toEqual(['root', '-SELECT', '-BEGIN', '-INSERT']);
  });
  it('folds, and shows the error below', () => {
    const [, , late] = waterfallRows({ spans }, new Set(['late']));
    expect(rows(spans, 'late')).toEqual(['root', '-early', '-late']);
    expect(late).toMatchObject({ folded: true, descendants: 1, errorBelow: true });
  });
  it('marks a span whose parent is not stored and shows it at the top', () => {
    const [row] = waterfallRows({ spans: [span('a', 'gone', 0, 1)] }, new Set());
    expect(row).toMatchObject({ orphan: true, depth: 0 });
  });
  it('shows every span once, also where spans name each other or themselves as parents', () => {
    expect(
      rows([span('a', 'b', 0, 1), span('b', 'a', 1, 1), span('c', 'c', 2, 1)])
        .map((row) => row.replace(/-/g, ''))
        .sort(),
    ).toEqual(['a', 'b', 'c']);
  });
  it('stands five thousand spans in one chain', () => {
    const chain = Array.from({ length: 5000 }, (_, index) =>
      span(`s${index}`, index === 0 ? null : `s${index - 1}`, index, 1),
    );
    expect(rows(chain).length).toBeGreaterThan(100);
  });
});

describe('times', () => {
  it('counts a span’s own time without its children, overlaps once', () => {
    const parent = span('p', null, 0, 100);
    expect(
      selfTimeMs(parent, [parent, span('a', 'p', 10, 30), span('b', 'p', 20, 40), span('c', 'p', 90, 50)]),
    ).toBe(40);
  });
  it('keeps bars inside the picture and visible', () => {
    expect(barShares({ offsetMs: 50, durationMs: 50 }, 100)).toEqual({ left: 0.5, width: 0.5 });
    expect(barShares({ offsetMs: 0, durationMs: 0.0001 }, 100).width).toBe(0.002);
    expect(barShares({ offsetMs: 99, durationMs: 50 }, 100).width).toBeCloseTo(0.01);
    expect(barShares({ offsetMs: 0, durationMs: 0 }, 0)).toEqual({ left: 0, width: 0.002 });
  });
  it('marks the ruler at round times', () => {
    expect(rulerTicks(176, 6)).toEqual([0, 50, 100, 150]);
    expect(rulerTicks(0, 6)).toEqual([0]);
  });
});
