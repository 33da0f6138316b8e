import type { Objective } from '../../contract/overview.ts';
import { HttpProblem } from '../http/problem.ts';
import type { InstantSample, PrometheusQueries } from '../prometheus/queries.ts';

/** The recorded series of prometheus/rules/slo.yml that the objectives are read from; one label `slo` joins them. */
const SERIES = {
  objective: 'slo:objective:ratio',
  remaining: 'slo:error_budget_remaining:ratio',
  burnRate: 'slo:burn_rate:rate5m',
} as const;

/** @throws HttpProblem when Prometheus cannot be asked, or has not evaluated the rules yet. */
export async function objectives(prometheus: PrometheusQueries): Promise<Objective[]> {
  const [objective, remaining, burnRate] = await Promise.all([
    prometheus.query(SERIES.objective),
    prometheus.query(SERIES.remaining),
    prometheus.query(SERIES.burnRate),
  ]);
  if (objective.length === 0) {
    throw new HttpProblem(
      502,
      `there is no series ${SERIES.objective}: Prometheus has not evaluated the rules of the objectives yet`,
    );
  }
  return objective
    .map(({ labels, value }) => {
      const budget = valueFor(remaining, labels['slo']);
      return {
        slo: labels['slo'] ?? '(unnamed)',
        service: labels['service'] ?? null,
        objective: value,
        // The budget is what may fail; what is gone of it did fail.
        attained: budget === null ? null : 1 - (1 - value) * (1 - budget),
        budgetRemaining: budget,
        burnRate: valueFor(burnRate, labels['slo']),
      };
    })
    .sort((a, b) => a.slo.localeCompare(b.slo));
}

/** Null where there is no series, or no number (no traffic). */
function valueFor(samples: InstantSample[], slo: string | undefined): number | null {
  const value = samples.find(({ labels }) => labels['slo'] === slo)?.value;
  return value === undefined || !Number.isFinite(value) ? null : value;
}
