import type { Rule, Rules } from '../../contract/alerts.ts';
import type { PrometheusQueries, PrometheusRule } from '../prometheus/queries.ts';
import type { RunbookFolder } from '../runbooks/runbook-folder.ts';
import { known, runbookPath } from './active-alerts.ts';

/** Every rule with its state, as Prometheus has loaded it. */
export async function loadedRules(prometheus: PrometheusQueries, runbooks: RunbookFolder): Promise<Rules> {
  const names = await runbooks.names();
  return {
    groups: await known(async () =>
      (await prometheus.rules()).map(({ name, file, interval, lastEvaluation, rules }) => ({
        name,
        file,
        intervalSeconds: interval,
        lastEvaluationAt: momentOf(lastEvaluation),
        rules: rules.map((rule) => ruleOf(rule, names)),
      })),
    ),
  };
}

function ruleOf(rule: PrometheusRule, runbooks: Set<string>): Rule {
  const alerting = rule.type === 'alerting';
  return {
    type: rule.type,
    name: rule.name,
    query: rule.query,
    labels: rule.labels,
    annotations: rule.annotations,
    state: alerting ? (rule.state ?? 'unknown') : null,
    forSeconds: alerting ? (rule.duration ?? 0) : null,
    keepFiringForSeconds: alerting ? (rule.keepFiringFor ?? 0) : null,
    health: rule.health === 'ok' || rule.health === 'err' ? rule.health : 'unknown',
    lastError: rule.lastError || null,
    lastEvaluationAt: momentOf(rule.lastEvaluation),
    evaluationSeconds: rule.evaluationTime ?? null,
    firing: rule.alerts.filter(({ state }) => state === 'firing').length,
    pending: rule.alerts.filter(({ state }) => state === 'pending').length,
    runbook: alerting ? runbookPath(rule.name, rule.annotations['runbook_url'], runbooks) : null,
  };
}

/** Prometheus writes the year 1 for "never". */
function momentOf(time: string | undefined): string | null {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) || ms <= 0 ? null : new Date(ms).toISOString();
}
