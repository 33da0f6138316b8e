/** A trace's spans as the rows of a waterfall: a tree by parent, in order of start, folded where a person folded it. */
import type { Span, Trace } from '../../contract/traces.ts';

export interface SpanRow {
  span: Span;
  depth: number;
  /** How many spans are below it, folded or not. */
  descendants: number;
  folded: boolean;
  /** An error further down, to be seen also when it is folded. */
  errorBelow: boolean;
  /** Its parent is named but not stored: the tree is incomplete above it. */
  orphan: boolean;
}

interface Node {
  span: Span;
  children: Node[];
  orphan: boolean;
}

/** Deeper than this a damaged trace is cut, not followed. */
const DEEPEST = 200;

function buildTree(spans: readonly Span[]): Node[] {
  const nodes = new Map(spans.map((span) => [span.spanId, { span, children: [], orphan: false } as Node]));
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const { parentSpanId, spanId } = node.span;
    const parent = parentSpanId === null || parentSpanId === spanId ? undefined : nodes.get(parentSpanId);
    if (parent) parent.children.push(node);
    else {
      node.orphan = parentSpanId !== null && parentSpanId !== spanId;
      roots.push(node);
    }
  }
  // Clocks that count whole milliseconds let neighbours start at once: what ended first came first.
  const byStart = ({ span: a }: Node, { span: b }: Node) =>
    a.offsetMs - b.offsetMs || a.durationMs - b.durationMs;
  for (const node of nodes.values()) node.children.sort(byStart);
  return adoptCircles(roots, nodes).sort(byStart);
}

/** Spans that name each other as parents hang on no root; one of each circle is shown at the top. */
function adoptCircles(roots: Node[], nodes: ReadonlyMap<string, Node>): Node[] {
  const reached = new Set<Node>();
  const reach = (node: Node) => {
    const waiting = [node];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      waiting.push(...next.children);
    }
  };
  for (const root of roots) reach(root);
  for (const node of nodes.values()) {
    if (reached.has(node)) continue;
    const parent = nodes.get(node.span.parentSpanId ?? '');
    if (parent) parent.children = parent.children.filter((child) => child !== node);
    node.orphan = true;
    roots.push(node);
    reach(node);
  }
  return roots;
}

/** Visible rows from top to bottom. @param folded ids of spans whose children are hidden. */
export function waterfallRows(trace: Pick<Trace, 'spans'>, folded: ReadonlySet<string>): SpanRow[] {
  const rows: SpanRow[] = [];
  const visit = (node: Node, depth: number, visible: boolean): { count: number; error: boolean } => {
    const { span, orphan, children } = node;
    const isFolded = folded.has(span.spanId);
    const row: SpanRow = { span, depth, orphan, folded: isFolded, descendants: 0, errorBelow: false };
    if (visible) rows.push(row);
    for (const child of depth < DEEPEST ? children : []) {
      const below = visit(child, depth + 1, visible && !isFolded);
      row.descendants += below.count;
      row.errorBelow ||= below.error;
    }
    return { count: row.descendants + 1, error: row.errorBelow || span.error };
  };
  for (const root of buildTree(trace.spans)) visit(root, 0, true);
  return rows;
}

/** A span's bar as shares of the trace's length, wide enough to be seen. */
export function barShares(
  { offsetMs, durationMs }: Pick<Span, 'offsetMs' | 'durationMs'>,
  totalMs: number,
): { left: number; width: number } {
  const total = Math.max(totalMs, 0.001);
  const left = Math.min(1, Math.max(0, offsetMs / total));
  return { left, width: Math.min(1 - left, Math.max(durationMs / total, 0.002)) };
}

/** Round tick marks for a trace of so many milliseconds: about `wanted` of them. */
export function rulerTicks(totalMs: number, wanted: number): number[] {
  if (totalMs <= 0) return [0];
  const rough = totalMs / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(totalMs / step) + 1 }, (_, index) => index * step);
}

/** Share of its own time that a span did not spend in its children: where the time really went. */
export function selfTimeMs(span: Span, spans: readonly Span[]): number {
  const end = span.offsetMs + span.durationMs;
  const children = spans
    .filter((other) => other.parentSpanId === span.spanId && other !== span)
    .map(
      (child) =>
        [Math.max(span.offsetMs, child.offsetMs), Math.min(end, child.offsetMs + child.durationMs)] as const,
    )
    .filter(([from, to]) => to > from)
    .sort(([a], [b]) => a - b);
  let covered = 0;
  let reached = span.offsetMs;
  for (const [from, to] of children) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return Math.max(0, span.durationMs - covered);
}
