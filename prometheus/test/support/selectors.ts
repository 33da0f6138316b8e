import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  metric: string;
  matchers: { label: string; operator: string; value: string }[];
}

export interface Expression {
  selectors: Selector[];
  functions: string[];
  /** Labels that it groups or matches by. */
  labels: string[];
}

/** What an expression reads. Throws an Error when it is no PromQL. */
export function readExpression(promql: string): Expression {
  const text = ({ from, to }: { from: number; to: number }) => promql.slice(from, to);
  const result: Expression = { selectors: [], functions: [], labels: [] };
  parser.parse(promql).iterate({
    enter({ node }) {
      if (node.type.isError)
        throw new Error(`not a PromQL expression at "${promql.slice(node.from, node.from + 30)}"`);
      if (node.name === 'FunctionIdentifier' || node.name === 'AggregateOp')
        result.functions.push(text(node));
      if (node.name === 'GroupingLabels') {
        for (const label of node.getChildren('LabelName')) result.labels.push(text(label));
      }
      if (node.name !== 'VectorSelector') return;
      const name = node.getChild('Identifier');
      const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
      result.selectors.push({
        metric: name === null ? '' : text(name),
        matchers: matchers.map((matcher) => {
          const [label, operator, value] = [
            matcher.getChild('LabelName'),
            matcher.getChild('MatchOp'),
            matcher.getChild('StringLiteral'),
          ];
          if (label === null || operator === null || value === null)
            throw new Error(`unknown matcher ${text(matcher)}`);
          return { label: text(label), operator: text(operator), value: text(value).slice(1, -1) };
        }),
      });
    },
  });
  return result;
}
