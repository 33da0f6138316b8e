/** Which alert may hide which, by Alertmanager's inhibit rules and the labels that the alerts' rules give them. */
import { parse } from 'yaml';
import { z } from 'zod';

/** What is known of an alert before it fires. */
export interface AlertLabels {
  name: string;
  /** A label that only the series carry is undefined: it may have any value. A label that is not named here is empty. */
  labels: Readonly<Record<string, string | undefined>>;
}

const fileSchema = z.looseObject({
  inhibit_rules: z
    .array(
      z.looseObject({
        source_matchers: z.array(z.string()).default([]),
        target_matchers: z.array(z.string()).default([]),
        equal: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

type Matches = (alert: AlertLabels) => boolean;

/** @param alertmanagerFile text of alertmanager.yml. @returns whether a firing `source` may keep messages about `target` back. */
export function readInhibition(
  alertmanagerFile: string,
): (source: AlertLabels, target: AlertLabels) => boolean {
  const rules = fileSchema.parse(parse(alertmanagerFile)).inhibit_rules.map((rule) => ({
    sources: rule.source_matchers.map(matcherOf),
    targets: rule.target_matchers.map(matcherOf),
    equal: rule.equal,
  }));
  return (source, target) =>
    rules.some(
      ({ sources, targets, equal }) =>
        sources.every((matches) => matches(source)) &&
        targets.every((matches) => matches(target)) &&
        equal.every((label) => mayBeEqual(label, source, target)),
    );
}

const MATCHER = /^\s*([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$/s;

/** A matcher that cannot be read matches everything: two experiments too many are kept apart, rather than one message lost. */
function matcherOf(text: string): Matches {
  const [, label = '', operator = '', value = ''] = MATCHER.exec(text) ?? [];
  if (label === '') return () => true;
  const holds: (found: string) => boolean = operator.endsWith('~')
    ? matching(value)
    : (found) => found === value;
  return (alert) => {
    const found = labelOf(alert, label);
    return found === undefined || (operator.startsWith('!') ? !holds(found) : holds(found));
  };
}

function matching(value: string): (found: string) => boolean {
  const pattern = new RegExp(`^(?:${value})$`, 's');
  return (found) => pattern.test(found);
}

function mayBeEqual(label: string, source: AlertLabels, target: AlertLabels): boolean {
  const [one, other] = [labelOf(source, label), labelOf(target, label)];
  return one === undefined || other === undefined || one === other;
}

function labelOf({ name, labels }: AlertLabels, label: string): string | undefined {
  if (label === 'alertname') return name;
  return label in labels ? labels[label] : '';
}
