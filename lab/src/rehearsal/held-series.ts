/** Which series a recording holds, as far as its blocks tell without a Prometheus that reads them. */
import { type Matcher, readSelectors } from '@lab/prometheus';
import { expressionsOf, selectorText } from '../recordings/needed-series.ts';
import type { Recording } from '../recordings/recording.ts';
import type { Rule } from '../recordings/rule-set.ts';
import { mayBe, type Plan } from './plan.ts';

/** Functions of PromQL that give something where no series is. */
const FROM_NOTHING =
  /\b(?:absent|absent_over_time|vector|scalar|time|pi|minute|hour|month|year|days_in_month|day_of_(?:week|month|year))\s*\(/;

export class HeldSeries {
  readonly #indexes: readonly Buffer[];
  readonly #anew: readonly string[];

  constructor({ blocks }: Recording, { records }: Plan) {
    this.#indexes = blocks.filter(({ name }) => name.endsWith('/index')).map(({ content }) => content);
    this.#anew = records.map(({ name }) => name);
  }

  /** Says whether there may be a series that the matchers take. False is certain: an index holds every label's value in plain text. */
  mayHold(matchers: readonly Matcher[]): boolean {
    return (
      this.#anew.some((name) => mayBe(matchers, name)) ||
      matchers.every(
        ({ operator, value }) => operator !== '=' || this.#indexes.some((index) => index.includes(value)),
      )
    );
  }

  /** Says whether an alert is silent for certain: there is nothing that it reads. */
  leavesSilent({ expr }: Rule): boolean {
    const selectors = readSelectors(expr);
    return (
      selectors.length > 0 &&
      !FROM_NOTHING.test(expr) &&
      selectors.every(({ matchers }) => !this.mayHold(matchers))
    );
  }
}

/** Returns the selectors of a rule that its recorded namesake does not have, by their text. */
export function newSelectors(rule: Rule, recorded: readonly Rule[]): Map<string, readonly Matcher[]> {
  const namesake = recorded.filter(({ kind, name }) => kind === rule.kind && name === rule.name);
  const known = selectorsOf(namesake);
  return new Map([...selectorsOf([rule])].filter(([text]) => !known.has(text)));
}

function selectorsOf(rules: readonly Rule[]): Map<string, readonly Matcher[]> {
  const selectors = rules.flatMap(expressionsOf).flatMap(readSelectors);
  return new Map(selectors.map(({ matchers }) => [selectorText(matchers), matchers]));
}
