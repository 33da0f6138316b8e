/**
 * Objectives, alert rules and their time scale: what the lab, the dashboards, the load tests and the documents take from here.
 * The rules themselves are files (`prometheus/rules`, `alertmanager/`), which Prometheus and Alertmanager read without this package.
 */
export { readCatalogue } from './alerts/catalogue.ts';
export { type Alert, isOfTheLab, readAlerts } from './alerts/read-alerts.ts';
export { backtest } from './backtest/run.ts';
export { precision, recall } from './backtest/score.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { shareOf } from './instances/metric-share.ts';
export { PANELS_PUT_RIGHT } from './instances/put-right.ts';
export { CONSOLE_URL } from './links.ts';
export {
  type PastRead,
  type Recording,
  type Recordings,
  recordedPast,
  recordingsOf,
  seriesRead,
} from './look-back.ts';
export { downAlerts } from './parts/down-alerts.ts';
export { partsFile } from './parts/parts-file.ts';
export { composeTargetFiles, ownTargetFiles, targetFiles } from './parts/targets.ts';
export { unescapeGo } from './promql/go-string.ts';
export { type Matcher, readSelectors, type Selector } from './promql/selectors.ts';
export { NotPromql } from './promql/syntax.ts';
export { ruleQueries, runbookQueries } from './queries.ts';
export { alertCoverage } from './rule-tests/coverage.ts';
export { type AlertRule, readAlertRule, readAlertRules } from './rules/alert-rules.ts';
export {
  type Combination,
  type Comparison,
  type Condition,
  type Leaf,
  leavesOf,
  type Operator,
  type Presence,
  type Role,
  readCondition,
  signalsOf,
} from './rules/condition.ts';
export { RuleBook, selectorsOf, seriesOf } from './rules/rule-book.ts';
export { type Unit, unitOf } from './rules/unit.ts';
export { stateComparison, stateThreshold, stateValue, stateWindow } from './rules/words.ts';
export { readRules, readRulesOf } from './rules.ts';
export { scaleAlertmanager } from './scale/alertmanager.ts';
export { scalePrometheus } from './scale/prometheus.ts';
export { scaleDuration, scalePromql } from './scale/promql.ts';
export { describeRefusal, type RefusedRule, UnscalableRules } from './scale/refusals.ts';
export { type Intervals, type ScaledRules, scaleRuleFiles, scaleRules } from './scale/rules.ts';
export { readScrape } from './scrape.ts';
export {
  type BurnRate,
  type Objective,
  type Objectives,
  readObjectives,
} from './slo/objectives.ts';
export { findTool } from './tools/find-tool.ts';
