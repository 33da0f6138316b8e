/** The syntax tree of a PromQL expression, by the grammar of Prometheus's own editor, and what walks of it share. */
import { parser } from '@prometheus-io/lezer-promql';
import { findDurationExpressions, type Span } from './duration-expressions.ts';

/** A node of the tree: its kind, its place in the expression, and its neighbours. */
export type Node = ReturnType<typeof parser.parse>['topNode'];

/** An expression that PromQL does not allow, or that this grammar does not know. */
export class NotPromql extends Error {
  override readonly name = 'NotPromql';
}

export interface Syntax {
  /** The expression's root node. */
  root: Node;
  /** Durations that are computed (`[5m * 2]`); the tree has a plain duration in their place. */
  computed: readonly Span[];
}

/** @throws NotPromql that shows the place where the expression cannot be read. */
export function parsePromql(expression: string): Syntax {
  const computed = findDurationExpressions(expression);
  // The grammar does not know computed durations: a number of the same length stands in for each, so that places stay.
  const readable = computed.reduce(
    (text, { from, to }) => text.slice(0, from) + '1'.repeat(to - from) + text.slice(to),
    expression,
  );
  const tree = parser.parse(readable);
  tree.iterate({
    enter({ type, from }) {
      if (type.isError) throw new NotPromql(`not a PromQL expression, at "${near(expression, from)}"`);
    },
  });
  const [root] = partsOf(tree.topNode);
  if (root === undefined) throw new NotPromql('expected a PromQL expression, received nothing');
  return { root, computed };
}

/** The children of a node, comments left out. */
export function partsOf(node: Node): Node[] {
  const parts: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== 'LineComment') parts.push(child);
  return parts;
}

/** What stands in a node's parentheses, however many there are; the node itself where there are none. */
export function unwrap(node: Node): Node {
  const [inner] = node.name === 'ParenExpr' ? partsOf(node) : [];
  return inner === undefined ? node : unwrap(inner);
}

/** The beginning of what stands at a place, for messages. */
export function near(text: string, at: number): string {
  return text.slice(at, at + 40).split('\n')[0] ?? '';
}
