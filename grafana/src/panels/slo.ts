/** Promises to users: what is left of each error budget, and how fast it goes. Measured at the edge, on what web passes on. */
import { PercentUnit, RequestsPerSecond, Short } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { consolePage, runbook } from '../build/links.ts';
import { OVERSPENT } from '../build/overspent.ts';
import { stat } from '../build/stat.ts';
import { table } from '../build/table.ts';
import {
  BUDGET,
  burnRate,
  inPercent,
  linesAt,
  OBJECTIVES,
  worseAbove,
  worseBelow,
} from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { minutesOld } from '../build/until.ts';

const { window, burnRates, objectives } = OBJECTIVES;
const CHOSEN = 'slo=~"$slo"';
const remainingSteps = worseBelow(BUDGET);
const promise = (name: string) => {
  const found = objectives.find((each) => each.name === name);
  return found === undefined ? name : `${found.title}: ${Number((found.objective * 100).toPrecision(6))} %`;
};
const page = burnRate('ErrorBudgetBurn1h');

/** One tile an objective: what is left of its budget. */
export const budgets = objectives.map(({ name }) =>
  stat(promise(name), {
    shows: `What is left of the error budget of "${promise(name)}" over ${window}. 100 %: no failure yet; 0 %: the promise is just kept; below: broken, in words.`,
    normal: 'green. Yellow is less than a quarter left.',
    act: 'with little left, postpone risky changes and spend the time on what failed. The curves below say when it went.',
    width: 8,
    unit: PercentUnit,
    decimals: 1,
    steps: remainingSteps,
    mappings: OVERSPENT,
    queries: [{ promql: `slo:error_budget_remaining:ratio{slo="${name}"}`, legend: 'budget left' }],
  }),
);

export const promises = table('Promises and where they stand', {
  shows: `Each objective: what is promised, what was delivered over ${window}, the budget left, and how fast it goes now.`,
  normal: 'delivered above promised; pace below 1.',
  act: 'a pace above 1 for long breaks the promise: 1 spends the whole budget in exactly the window.',
  width: 24,
  height: 5,
  columns: [
    { title: 'Objective', from: { label: 'slo' } },
    { title: 'Service', from: { label: 'service' } },
    { title: 'Promised', from: { value: 0 }, unit: PercentUnit, decimals: 2 },
    { title: 'Delivered', from: { value: 1 }, unit: PercentUnit, decimals: 3 },
    { title: 'Budget left', from: { value: 2 }, unit: PercentUnit, decimals: 1, steps: remainingSteps },
    {
      title: 'Pace, 1 hour',
      from: { value: 3 },
      unit: Short,
      decimals: 2,
      steps: worseAbove({ warn: 1, bad: page.factor }),
    },
  ],
  queries: [
    'slo:objective:ratio',
    `1 - slo:error_ratio:rate${window}`,
    'slo:error_budget_remaining:ratio',
    'slo:burn_rate:rate1h',
  ],
});

export const budgetOverTime = timeSeries('Error budget left', {
  shows: `What was left of each budget over time. A steep fall is an incident; a slope is a slow leak. The window is ${window}, so old failures leave it again.`,
  normal: 'level or rising.',
  act: 'zoom to the fall and go to the Application dashboard at that time.',
  width: 24,
  unit: PercentUnit,
  softMax: 1,
  limits: linesAt(BUDGET),
  links: [consolePage('Fill a month: make history', '/')],
  openBelow: true,
  queries: [{ promql: `slo:error_budget_remaining:ratio{${CHOSEN}}`, legend: '{{slo}}' }],
});

/** One panel a burn-rate alert: its long window, its short one, its factor. */
export const burnRatePanels = burnRates.map(({ alert, factor, long, short, severity }) =>
  timeSeries(`Pace over ${long}`, {
    shows: `How many times faster than it lasts the budget goes, over ${long} (line) and ${short} (dashed).`,
    normal: 'below 1, mostly 0.',
    act: `both above ${factor} fires ${alert} (${severity}) once the lab has half of ${long} behind it.`,
    width: 12,
    height: 7,
    unit: Short,
    softMax: factor,
    limits: worseAbove({ bad: factor }),
    links: [runbook(alert)],
    queries: [
      {
        promql: `slo:burn_rate:rate${long}{${CHOSEN}}`,
        legend: `{{slo}}, ${long}`,
        ...(isDays(long) && { until: minutesOld(10) }),
      },
      { promql: `slo:burn_rate:rate${short}{${CHOSEN}}`, legend: `{{slo}}, ${short}`, dashed: true },
    ],
  }),
);

function isDays(duration: string): boolean {
  return duration.endsWith('d');
}

export const goodAndBad = timeSeries('Requests that count', {
  shows: 'Requests a second that each objective counts, and (below the axis) those that broke it.',
  normal: 'nothing below the axis.',
  act: 'only latency broken: slow, not failing. Only availability: failing fast. Both: overloaded.',
  unit: RequestsPerSecond,
  queries: [
    { promql: `slo:requests:rate1m{${CHOSEN}}`, legend: '{{slo}}' },
    { promql: `slo:errors:rate1m{${CHOSEN}}`, legend: '{{slo}} broken', color: COLOR.errors, mirrored: true },
  ],
});

/** `0.1 % failing, 5 % above 300 ms, …` */
const ALLOWED = OBJECTIVES.objectives
  .map(({ objective, thresholdSeconds }) => {
    const bad = thresholdSeconds === undefined ? 'failing' : `above ${thresholdSeconds * 1000} ms`;
    return `${inPercent(1 - objective)} ${bad}`;
  })
  .join(', ');

export const badShare = timeSeries('Share that broke the promise', {
  shows: 'Share of requests that broke each objective, over five minutes and over an hour (dashed).',
  normal: `below what the objective allows: ${ALLOWED}.`,
  act: 'compare with deployments and experiments, which are marked.',
  unit: PercentUnit,
  queries: [
    { promql: `slo:error_ratio:rate5m{${CHOSEN}}`, legend: '{{slo}}, 5m' },
    { promql: `slo:error_ratio:rate1h{${CHOSEN}}`, legend: '{{slo}}, 1h', dashed: true },
  ],
});
