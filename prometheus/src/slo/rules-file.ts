import { stringify } from 'yaml';
import type { Objectives } from './objectives.ts';
import { budgetRules, objectiveRules, type RuleGroup } from './rules.ts';

const HEADER = '# Generated from prometheus/slo.yaml by `npm run generate -w @lab/prometheus`. Do not edit.';

/** The text of `prometheus/rules/slo.yml`. */
export function objectiveRulesFile(objectives: Objectives): string {
  return rulesFile(
    `${HEADER}
#
# slo:requests:rate1m, slo:errors:rate1m      requests and errors a second, by objective (and their means over 5m)
# slo:error_ratio:rate<window>                share of requests that were errors
# slo:burn_rate:rate<window>                  how many times faster than it lasts the error budget is spent
`,
    objectiveRules(objectives),
  );
}

/** The text of `prometheus/rules/slo-budget.yml`. */
export function budgetRulesFile(objectives: Objectives): string {
  return rulesFile(
    `${HEADER}
#
# slo:error_budget_remaining:ratio            1 = untouched, 0 = spent, below 0 = overspent
`,
    budgetRules(objectives),
  );
}

function rulesFile(header: string, groups: RuleGroup[]): string {
  return (
    header + stringify({ groups }, { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false })
  );
}
