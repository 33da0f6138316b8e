/** Which rules an edit touches: those that differ from the recorded ones, and those that read what these record. */
import { type Matcher, readSelectors } from '@lab/prometheus';
import { expressionsOf } from '../recordings/needed-series.ts';
import type { Rule } from '../recordings/rule-set.ts';

export interface Plan {
  /** Names of recorded series that have to be computed anew, in an order in which each finds what it reads. */
  records: { name: string; rules: Rule[] }[];
  /** Alerts whose outcome may differ from what was recorded, by name. */
  touched: ReadonlySet<string>;
  /** Alerts that are only in the edited rules. */
  added: readonly string[];
  /** Alerts that are only in the recorded rules. */
  removed: readonly string[];
}

export function planOf(recorded: readonly Rule[], edited: readonly Rule[]): Plan {
  const changed = new Set(
    [...new Set([...recorded, ...edited].filter(isRecord).map(({ name }) => name))].filter(
      (name) => definitions(recorded, name) !== definitions(edited, name),
    ),
  );
  const names = [...new Set(edited.filter(isRecord).map(({ name }) => name))];
  const reads = (rule: Rule, among: ReadonlySet<string>) =>
    expressionsOf(rule)
      .flatMap(readSelectors)
      .some(({ matchers }) => [...among].some((name) => mayBe(matchers, name)));
  // Whoever reads something new is new; until nothing more comes.
  for (let before = -1; before !== changed.size; ) {
    before = changed.size;
    for (const rule of edited) if (isRecord(rule) && reads(rule, changed)) changed.add(rule.name);
  }
  const alerts = new Set(edited.filter(({ kind }) => kind === 'alert').map(({ name }) => name));
  const touched = [...alerts].filter(
    (name) =>
      definitions(recorded, name) !== definitions(edited, name) ||
      edited.some((rule) => rule.name === name && reads(rule, changed)),
  );
  return {
    records: inOrder(
      names.filter((name) => changed.has(name)),
      edited,
    ),
    touched: new Set(touched),
    added: [...alerts].filter(
      (name) => !recorded.some((rule) => rule.kind === 'alert' && rule.name === name),
    ),
    removed: recorded
      .filter(({ kind, name }) => kind === 'alert' && !alerts.has(name))
      .map(({ name }) => name),
  };
}

const isRecord = ({ kind }: Rule) => kind === 'record';

/** A text in quotes, which stays, or a comment. */
const QUOTED_OR_COMMENT = /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|#[^\n]*/g;

/** Everything of a name's rules that makes a difference. Blanks and comments in an expression do not. */
function definitions(rules: readonly Rule[], name: string): string {
  return JSON.stringify(
    rules
      .filter((rule) => rule.name === name)
      .map(({ file: _, group: __, expr, ...rest }) => ({
        ...rest,
        expr: expr
          .replaceAll(QUOTED_OR_COMMENT, (_, quoted?: string) => quoted ?? '')
          .replaceAll(/\s+/g, ' ')
          .trim(),
      })),
  );
}

/** Whether a selector takes series of that name; only a name that is written out excludes another. */
export function mayBe(matchers: readonly Matcher[], name: string): boolean {
  return matchers
    .filter(({ label }) => label === '__name__')
    .every(({ operator, value }) => {
      if (operator === '=') return value === name;
      if (operator === '!=') return value !== name;
      return true;
    });
}

/** Those that read others come behind them; within a circle, as Prometheus has it, in the order of the files. */
function inOrder(names: readonly string[], rules: readonly Rule[]): Plan['records'] {
  const rest = new Set(names);
  const ordered: Plan['records'] = [];
  while (rest.size > 0) {
    const free = [...rest].find((name) =>
      rules
        .filter((rule) => rule.name === name)
        .flatMap(({ expr }) => readSelectors(expr))
        .every(({ matchers }) => ![...rest].some((other) => other !== name && mayBe(matchers, other))),
    );
    const next = free ?? [...rest][0];
    if (next === undefined) break;
    rest.delete(next);
    ordered.push({ name: next, rules: rules.filter((rule) => isRecord(rule) && rule.name === next) });
  }
  return ordered;
}
