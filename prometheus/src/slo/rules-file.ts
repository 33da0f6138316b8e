import { stringify } from 'yaml';
import type { Objectives } from './objectives.ts';
import { objectiveRules } from './rules.ts';

const HEADER = `# Generated from prometheus/slo.yaml by \`npm run generate -w @lab/prometheus\`. Do not edit.
#
# slo:requests:rate1m, slo:errors:rate1m      requests and errors a second, by objective
# slo:error_ratio:rate<window>                share of requests that were errors
# slo:burn_rate:rate<window>                  how many times faster than it lasts the error budget is spent
# slo:error_budget_remaining:ratio            1 = untouched, 0 = spent, below 0 = overspent
`;

/** The text of `prometheus/rules/slo.yml`. */
export function objectiveRulesFile(objectives: Objectives): string {
  return (
    HEADER +
    stringify(
      { groups: objectiveRules(objectives) },
      { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false },
    )
  );
}
