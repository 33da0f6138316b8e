/**
 * The journeys of loadtests/journeys on k6. `make load` starts it and hands everything in by LOAD_PLAN; what comes of each
 * request goes out line by line, so that the lab counts it as it counts its own engine's (lab/src/load/k6-lines.ts reads
 * them). k6's own metrics go to Prometheus by remote write.
 */
import { sleep } from 'k6';
import exec from 'k6/execution';
import http, { type RefinedResponse } from 'k6/http';
import { Rate } from 'k6/metrics';
import type { Options } from 'k6/options';
import { JOURNEYS } from '../journeys/journeys.ts';
import { dealer } from '../journeys/mix.ts';
import type { Answer, RequestStep } from '../journeys/step.ts';

/** See lab/src/load/k6-plan.ts, which makes it. */
interface LoadPlan {
  webUrl: string;
  accounts: { email: string; password: string; cookie: string }[];
  scenario: {
    /** Journeys in `timeUnit`, whole numbers as k6 wants them. */
    startRate: number;
    timeUnit: string;
    stages: { target: number; duration: string }[];
    preAllocatedVUs: number;
    maxVUs: number;
  };
  traceRatio: number;
  timeoutMs: number;
  /** Of prometheus/slo.yaml: without `thresholdSeconds`, requests answered below 500; with it, of these, those in time. */
  objectives: { name: string; objective: number; thresholdSeconds?: number }[];
}

const plan: LoadPlan = JSON.parse(__ENV['LOAD_PLAN'] ?? '{}');
const deal = dealer(JOURNEYS);
const objectives = plan.objectives.map((each) => ({ ...each, good: new Rate(metricOf(each.name)) }));

export const options: Options = {
  scenarios: {
    people: { executor: 'ramping-arrival-rate', gracefulStop: '5s', ...plan.scenario },
  },
  thresholds: Object.fromEntries(
    plan.objectives.map(({ name, objective }) => [metricOf(name), [`rate>=${objective}`]]),
  ),
  // Series in Prometheus have names of routes, never of addresses.
  systemTags: ['scenario', 'method', 'name', 'status', 'expected_response'],
  // Counted as they are sent: a redirect would be a second request.
  maxRedirects: 0,
  userAgent: 'observability-lab k6',
};

export default function walk(): void {
  console.log('B');
  const number = exec.scenario.iterationInTest;
  const account = plan.accounts[number % plan.accounts.length];
  if (!account) throw new Error('expected accounts in LOAD_PLAN');
  const steps = deal(number).journey({ account, random: Math.random });
  let answer: Answer | undefined;
  for (let step = steps.next(); !step.done; step = steps.next(answer)) {
    answer = undefined;
    if (step.value.kind === 'think') sleep(step.value.seconds);
    else answer = send(step.value, number % plan.accounts.length, account.cookie);
  }
  console.log('E');
}

function send(step: RequestStep, account: number, cookie: string): Answer {
  const traceId = hex(32);
  const sampled = Math.random() < plan.traceRatio;
  const at = Date.now();
  const response = http.request(
    step.method,
    `${plan.webUrl}${step.path}`,
    step.body ? JSON.stringify(step.body) : null,
    {
      headers: {
        'x-requested-with': 'taskmanager',
        traceparent: `00-${traceId}-${hex(16)}-${sampled ? '01' : '00'}`,
        ...(step.as === 'account' ? { cookie } : {}),
        ...(step.body ? { 'content-type': 'application/json' } : {}),
        ...step.headers,
      },
      tags: { name: step.route },
      timeout: plan.timeoutMs,
      responseCallback: http.expectedStatuses(step.expect),
    },
  );
  const { blocked, connecting, duration } = response.timings;
  const seconds = (blocked + connecting + duration) / 1000;
  const result = response.status || response.error_code;
  if (step.route.startsWith('/api/')) judge(response.status, seconds);
  console.log(
    ['R', step.method, step.route, result, step.expect, seconds, at, sampled ? traceId : ''].join('\t'),
  );
  // k6's own line ("Request Failed") does not say why.
  if (response.status === 0) console.log(`unanswered ${step.method} ${step.route}: ${response.error}`);
  const body = parsed(response);
  if (step.method !== 'GET' && response.status >= 200 && response.status < 300)
    console.log(['W', account, JSON.stringify(body)].join('\t'));
  return { status: response.status, body };
}

function judge(status: number, seconds: number): void {
  const answered = status > 0 && status < 500;
  for (const { thresholdSeconds, good } of objectives) {
    if (thresholdSeconds === undefined) good.add(answered);
    else if (answered) good.add(seconds <= thresholdSeconds);
  }
}

function parsed(response: RefinedResponse<undefined>): unknown {
  if (typeof response.body !== 'string' || !/json/.test(response.headers['Content-Type'] ?? ''))
    return undefined;
  try {
    return JSON.parse(response.body);
  } catch {
    // Cut short, which the journey treats as an answer without a body.
    return undefined;
  }
}

/** What k6 alone knows, for whoever reads the lines; k6's own summary is the lab's to write. */
export function handleSummary({ metrics }: { metrics: Record<string, { values: Record<string, number> }> }): {
  stdout: string;
} {
  const count = (name: string) => metrics[name]?.values['count'] ?? 0;
  return { stdout: `S\t${count('iterations')}\t${count('dropped_iterations')}\n` };
}

function metricOf(objective: string): string {
  return `objective_${objective.replace(/-/g, '_')}`;
}

function hex(digits: number): string {
  let text = '';
  while (text.length < digits)
    text += Math.floor(Math.random() * 16 ** 8)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
}
