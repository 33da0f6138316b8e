/**
 * The two generators. Throughput: wrk where it is installed, else autocannon, which costs so much itself that it, not the
 * server, sets the limit for the leanest variants (FACTS: 14.4k against 18.5k requests a second). Fixed rate: paced.ts.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { paced } from './paced.ts';
import type { Result, Target } from './result.ts';

const run = promisify(execFile);

export interface Generator {
  name: 'wrk' | 'autocannon';
  /** As many requests as the server takes, over 40 connections. */
  saturate(target: Target, seconds: number): Promise<Result>;
}

const CONNECTIONS = 40;

export async function throughputGenerator(pin: readonly string[]): Promise<Generator> {
  const found = await run('wrk', ['-v']).then(
    () => true,
    // wrk prints its version and exits 1; only its absence is an answer.
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!found) return { name: 'autocannon', saturate: (target, seconds) => cannon(target, { seconds }) };
  return { name: 'wrk', saturate: (target, seconds) => wrk(target, seconds, pin) };
}

/** The same number of requests a second for every variant, so that CPU time can be compared. */
export function atRate(target: Target, rate: number, seconds: number): Promise<Result> {
  return paced(target, { seconds, rate, connections: CONNECTIONS });
}

async function cannon({ url, headers }: Target, load: { seconds: number }): Promise<Result> {
  const result = await autocannon({
    url,
    headers,
    connections: CONNECTIONS,
    duration: load.seconds,
  });
  return {
    requests: result['2xx'],
    requestsPerSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors,
  };
}

async function wrk({ url, headers }: Target, seconds: number, pin: readonly string[]): Promise<Result> {
  const headerArguments = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const command = [
    ...pin,
    'wrk',
    '-t1',
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    '--latency',
    ...headerArguments,
    url,
  ];
  const [program = 'wrk', ...programArguments] = command;
  const { stdout } = await run(program, programArguments);
  const requests = number(stdout, /(\d+) requests in/);
  const failed = number(stdout, /Non-2xx or 3xx responses: (\d+)/, 0);
  return {
    requests: requests - failed,
    requestsPerSecond: number(stdout, /Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(stdout, '50%'),
    p99: milliseconds(stdout, '99%'),
    failed,
  };
}

function number(text: string, pattern: RegExp, missing?: number): number {
  const found = pattern.exec(text)?.[1];
  if (found !== undefined) return Number(found);
  if (missing !== undefined) return missing;
  throw new Error(`expected ${pattern} in what wrk printed:\n${text}`);
}

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1_000 };

function milliseconds(text: string, percentile: string): number {
  const [, value = '', unit = ''] = new RegExp(`${percentile}\\s+([\\d.]+)(us|ms|s)`).exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new Error(`expected ${percentile} in what wrk printed:\n${text}`);
  return Number(value) * factor;
}
