import { formatDuration, parseDuration } from '../duration.ts';
import { CONSOLE_TEMPLATE, dashboardPath, runbookPath } from '../links.ts';
import type { BurnRate, Objective, Objectives } from './objectives.ts';

/** A Prometheus rule group, as YAML holds it. */
export interface RuleGroup {
  name: string;
  interval?: string;
  rules: Rule[];
}

export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Windows above this are judged every five minutes: they change slowly, and they are dear. */
const LONG_WINDOW = parseDuration('6h');

/**
 * Recording rules and burn-rate alerts for a set of objectives.
 *
 * Every window is a sum over recorded base rates, taken by subquery at a fixed step: cheap over 30 days, weighted by traffic,
 * and blind to how densely the base was recorded (5 s live, 1 s at time scale 10, 1 min in backfilled history).
 */
export function objectiveRules(objectives: Objectives): RuleGroup[] {
  const windows = windowsOf(objectives);
  const short = windows.filter((window) => parseDuration(window) <= LONG_WINDOW);
  const long = windows.filter(
    (window) => parseDuration(window) > LONG_WINDOW && window !== objectives.window,
  );
  const isLong = (burnRate: BurnRate) => parseDuration(burnRate.long) > LONG_WINDOW;
  return [
    {
      name: 'slo',
      rules: [
        ...objectives.objectives.flatMap(baseRules),
        ...FIVE_MINUTES,
        ...short.flatMap((window) => ratioRules(window)),
        ...objectives.burnRates
          .filter((burnRate) => !isLong(burnRate))
          .map((burnRate) => alertRule(burnRate, objectives)),
      ],
    },
    {
      name: 'slo-long-windows',
      interval: '5m',
      rules: [
        ...long.flatMap((window) => ratioRules(window)),
        ...objectives.burnRates.filter(isLong).map((burnRate) => alertRule(burnRate, objectives)),
      ],
    },
  ];
}

/**
 * What is left of the whole window's budget: a file of its own, so that rule tests of the alerts need not compute it over days. By
 * minutes, although that is dear, so that a lab minutes old has one to show.
 */
export function budgetRules({ window }: Objectives): RuleGroup[] {
  const rules = [
    ...ratioRules(window, ['rate1m', '1m']),
    { record: 'slo:error_budget_remaining:ratio', expr: `1 - slo:burn_rate:rate${window}` },
  ];
  return [{ name: 'slo-budget', interval: '2m', rules }];
}

/** All windows that the alerts and the budget need, shortest first. */
function windowsOf({ burnRates, window }: Objectives): string[] {
  const windows = new Set([...burnRates.flatMap(({ long, short }) => [long, short]), window]);
  return [...windows].sort((a, b) => parseDuration(a) - parseDuration(b));
}

function baseRules({ name, service, objective, total, good }: Objective): Rule[] {
  const labels = { slo: name, service };
  const over1m = (query: string) => query.replaceAll('$window', '1m');
  return [
    { record: 'slo:objective:ratio', expr: `vector(${objective})`, labels },
    { record: 'slo:requests:rate1m', expr: over1m(total), labels },
    {
      record: 'slo:errors:rate1m',
      // Without one good series the query for them is empty, not 0: then every request was an error.
      expr: `clamp_min(\n  ${over1m(total)}\n  - (${over1m(good)} or 0 * ${over1m(total)}),\n  0\n)`,
      labels,
    },
  ];
}

/** Means over five minutes: what the long windows add up, five minutes at a time, so that no second is left out or counted twice. */
const FIVE_MINUTES: readonly Rule[] = ['requests', 'errors'].map((what) => ({
  record: `slo:${what}:rate5m`,
  expr: `avg_over_time(slo:${what}:rate1m[5m:10s])`,
}));

function ratioRules(window: string, [base, step] = samplingOf(window)): Rule[] {
  const sum = (what: string) => `sum_over_time(slo:${what}:${base}[${window}:${step}])`;
  return [
    {
      record: `slo:error_ratio:rate${window}`,
      // No traffic is no verdict: the ratio is absent, not NaN, which would poison every average over it.
      expr: `${sum('errors')} / (${sum('requests')} > 0)`,
    },
    {
      record: `slo:burn_rate:rate${window}`,
      expr: `slo:error_ratio:rate${window} / (1 - slo:objective:ratio)`,
    },
  ];
}

/** The base that a window adds up, and by which steps. */
function samplingOf(window: string): readonly [base: string, step: string] {
  const milliseconds = parseDuration(window);
  if (milliseconds <= parseDuration('1h')) return ['rate1m', '10s'];
  return milliseconds <= LONG_WINDOW ? ['rate1m', '1m'] : ['rate5m', '5m'];
}

function alertRule({ alert, factor, long, short, severity }: BurnRate, objectives: Objectives): Rule {
  const half = formatDuration(parseDuration(long) / 2);
  const spent = (factor * parseDuration(long)) / parseDuration(objectives.window);
  return {
    alert,
    expr: [
      `slo:burn_rate:rate${long} > ${factor}`,
      `and slo:burn_rate:rate${short} > ${factor}`,
      '# Enough traffic for the ratio to mean something.',
      `and avg_over_time(slo:requests:rate1m[${long}]) > ${objectives.minimumRequestsPerSecond} # scale: rate`,
      '# Something was seen in the older half of the window: a lab minutes old has no 30-day budget to judge by.',
      `and present_over_time(slo:requests:rate1m[${half}] offset ${half})`,
    ].join('\n'),
    labels: { severity },
    annotations: {
      summary: `{{ $labels.slo }}: error budget burns ${factor} times too fast or faster over ${long}`,
      description:
        `{{ $labels.slo }} spends its error budget of ${objectives.window} {{ $value | printf "%.1f" }} times as fast as it lasts, ` +
        `over ${long} (threshold ${factor}, which over ${short} is exceeded too). ` +
        `At the threshold ${percent(spent)} of the budget is gone within ${long}.`,
      runbook_url: CONSOLE_TEMPLATE + runbookPath(alert),
      dashboard_url: CONSOLE_TEMPLATE + dashboardPath('slo'),
    },
  };
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))}%`;
}
