/** Rules with one fault each: what a slip of the hand makes of an alert. A rehearsal has to see every one. */
import { formatDuration, parseDuration, readAlertRules, readSelectors } from '@lab/prometheus';

export interface Mutant {
  alert: string;
  fault: 'threshold' | 'label' | 'for' | 'metric';
  rules: ReadonlyMap<string, string>;
}

const FACTOR = { threshold: 5, for: 10 };

/** Makes, of each alert, the mutants that its rule allows: a threshold of 0 stays 0, and without `for` there is none to lengthen. */
export function mutantsOf(rules: ReadonlyMap<string, string>): Mutant[] {
  return readAlertRules(rules).flatMap(({ name: alert, file, expr, signals, for: wait }) => {
    const text = rules.get(file) ?? '';
    const found = blockOf(text, alert);
    if (!found) return [];
    const { from, to } = found;
    const block = text.slice(from, to);
    const mutant = (fault: Mutant['fault'], changed: string | undefined): Mutant[] =>
      changed === undefined || changed === block
        ? []
        : [{ alert, fault, rules: new Map(rules).set(file, text.slice(0, from) + changed + text.slice(to)) }];
    const threshold = signals.find(({ threshold: { value } }) => value !== undefined && value !== 0);
    return [
      ...mutant('threshold', threshold && withThreshold(block, threshold)),
      ...mutant(
        'label',
        inExpression(block, (text) => text.replace(/\b([a-z_]\w*)(=~?")/, '$1_misspelt$2')),
      ),
      ...mutant('for', wait && block.replace(/^(\s+for: ).*$/m, `$1${longer(wait)}`)),
      ...mutant('metric', withMetric(block, expr)),
    ];
  });
}

function blockOf(text: string, alert: string): { from: number; to: number } | undefined {
  const begin = new RegExp(`^ *- alert: ${alert}$`, 'm').exec(text);
  if (!begin) return undefined;
  const rest = text.slice(begin.index + begin[0].length);
  const next = /^ *- (?:alert|record|name): /m.exec(rest);
  return { from: begin.index, to: begin.index + begin[0].length + (next?.index ?? rest.length) };
}

/** Changes the expression of a rule and nothing else of it. */
function inExpression(block: string, change: (expression: string) => string): string {
  return block.replace(
    /(^\s+expr:)([\s\S]*?)(?=^\s+(?:for|keep_firing_for|labels|annotations):)/m,
    (_, key: string, expression: string) => key + change(expression),
  );
}

function withThreshold(
  block: string,
  { operator, threshold }: { operator: string; threshold: { promql: string; value: number | undefined } },
): string | undefined {
  const written = threshold.promql.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const value = Number(((threshold.value ?? 0) * FACTOR.threshold).toPrecision(12));
  return inExpression(block, (text) =>
    text.replace(new RegExp(`(${operator}\\s*)${written}(?![\\w.])`), `$1${value}`),
  );
}

function withMetric(block: string, expr: string): string | undefined {
  const name = readSelectors(expr)
    .flatMap(({ matchers }) => matchers)
    .find(({ label, operator }) => label === '__name__' && operator === '=')?.value;
  return (
    name &&
    inExpression(block, (text) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_misspelt`))
  );
}

function longer(duration: string): string {
  return formatDuration(parseDuration(duration) * FACTOR.for);
}
