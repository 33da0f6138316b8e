import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { formatDuration, parseDuration } from '../duration.ts';
import { type AlertName, STEP_SECONDS, type Traffic } from './traffic.ts';

/** Minutes at which an alert was firing. */
export type Firing = ReadonlyMap<AlertName, readonly number[]>;

const RULES = new URL('../../rules/adaptive.yml', import.meta.url).pathname;
const ALERTS: readonly AlertName[] = ['RequestRateAnomaly', 'LatencyAnomaly'];

/**
 * What the repository's own rules make of generated traffic, evaluated by Prometheus's own engine: `promtool test rules` is told to
 * expect silence at every minute, and its complaints are the alerts.
 */
export async function firingMinutes(traffic: Traffic, promtool: string): Promise<Firing> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-backtest-'));
  try {
    const file = join(folder, 'traffic.yml');
    await writeFile(file, testFile(traffic));
    return readComplaints(await outputOf(promtool, ['test', 'rules', file]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function testFile({ requests, buckets, minutes }: Traffic): string {
  const bucket = '{job="taskmanager-backend",route="/api/v1/tasks",method="GET",status_code="200"';
  const series = [...buckets].map(([bound, values]) => ({
    series: `http_request_duration_seconds_bucket${bucket},le="${bound === Number.POSITIVE_INFINITY ? '+Inf' : bound}"}`,
    values: values.join(' '),
  }));
  return stringify({
    rule_files: [RULES],
    evaluation_interval: `${STEP_SECONDS}s`,
    tests: [
      {
        interval: `${STEP_SECONDS}s`,
        input_series: [
          {
            series: 'http_requests_total{job="taskmanager-frontend",route="/api/*"}',
            values: requests.join(' '),
          },
          ...series,
        ],
        promql_expr_test: Array.from({ length: minutes - 1 }, (_, minute) => ({
          expr: 'ALERTS{alertstate="firing"}',
          eval_time: formatDuration((minute + 1) * 60_000),
          exp_samples: [],
        })),
      },
    ],
  });
}

function readComplaints(output: string): Firing {
  const firing = new Map<AlertName, number[]>(ALERTS.map((alert) => [alert, []]));
  for (const [, time = '', got = ''] of output.matchAll(/time: (\w+),\s+exp: nil\s+got: (.*)/g)) {
    for (const alert of ALERTS) {
      if (got.includes(`alertname="${alert}"`)) firing.get(alert)?.push(parseDuration(time) / 60_000);
    }
  }
  return firing;
}

function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      // 1 is what it says when it complains, which is what it is here for.
      if (error !== null && error.code !== 1)
        reject(new Error(`${program} could not judge the traffic: ${stderr}`, { cause: error }));
      else resolve(`${stdout}${stderr}`);
    });
  });
}
