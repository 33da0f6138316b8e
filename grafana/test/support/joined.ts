import { parser } from '@prometheus-io/lezer-promql';

/** A series that an expression reads, and how its instances are put together. */
export interface Read {
  metric: string;
  /** The aggregation that drops the label `instance`, such as `sum`; undefined: each instance stays by itself. */
  joinedBy: string | undefined;
}

/** Returns each metric whose values an expression shows with the innermost aggregation around it that puts instances together. */
export function readsOf(promql: string): Read[] {
  const text = ({ from, to }: { from: number; to: number }) => promql.slice(from, to);
  const reads: Read[] = [];
  parser.parse(promql).iterate({
    enter({ node }) {
      const name = node.name === 'VectorSelector' ? node.getChild('Identifier') : null;
      if (name === null) return;
      let joinedBy: string | undefined;
      let below = node.node;
      for (let at = node.parent; at !== null && joinedBy === undefined; below = at, at = at.parent) {
        const isSet = at.name === 'BinaryExpr' && (at.getChild('And') ?? at.getChild('Unless'));
        // What stands behind `and` chooses among the series before it, and adds nothing.
        if (isSet && below.from > isSet.from) return;
        if (at.name !== 'AggregateExpr') continue;
        const op = at.getChild('AggregateOp');
        const modifier = at.getChild('AggregateModifier');
        const labels = modifier?.getChild('GroupingLabels')?.getChildren('LabelName').map(text) ?? [];
        const keeps = modifier && text(modifier).startsWith('without') !== labels.includes('instance');
        if (op && !keeps) joinedBy = text(op);
      }
      reads.push({ metric: text(name), joinedBy });
    },
  });
  return reads;
}
