/** `workshop measure-sizing`: measures what each part costs and how that grows with requests; writes sizing.json and growth.json. */
import { setTimeout as pause } from 'node:timers/promises';
import { CannotRun, type Command, loadSettings, openRunningStack } from '@lab/cli';
import { type Load, startLoad } from '@lab/cli/load';
import { round, writeFigures } from '../figures/figures-file.ts';
import { type Consumption, consumption } from '../measure/consumption.ts';

/** Requests a second. Costs are taken from the difference of the last two, so that what idling costs is not in them. */
const RATES = [0, 20, 60] as const;
/** After a change of the rate: caches, pools and Prometheus’ next scrapes. */
const SETTLE_MS = 20_000;
const WINDOW_MS = 60_000;

/** Short names of the figures, by Prometheus’ job. */
const JOBS: Readonly<Record<string, string>> = {
  api: 'taskmanager-backend',
  web: 'taskmanager-frontend',
  worker: 'taskmanager-worker',
  console: 'lab-console',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  postgres_exporter: 'postgres-exporter',
  blackbox_exporter: 'blackbox-exporter',
};

interface Window {
  from: Consumption;
  to: Consumption;
}

export const measureSizing: Command = {
  name: 'measure-sizing',
  summary: 'measure what each part costs and how it grows, and write docs/figures/sizing.json',
  async run({ paths, environment, output, signal }) {
    const stack = await openRunningStack(paths, await loadSettings(paths, environment));
    const { logFolder } = stack.traits;
    if (logFolder === undefined)
      throw new CannotRun('measure-sizing needs a lab whose log files are within reach: `make up MODE=lite`');
    const windows: Window[] = [];
    let load: Load | undefined;
    try {
      for (const rate of RATES) {
        output.progress(`${rate} requests a second, for ${(SETTLE_MS + WINDOW_MS) / 1000} s`);
        // Every request is traced: the dearest case.
        if (rate > 0) {
          load ??= await startLoad({ webUrl: stack.addresses.web, rate, traceRatio: 1, signal });
          load.rate = rate;
        }
        await pause(SETTLE_MS, undefined, { signal });
        const from = await consumption(stack, logFolder, signal);
        await pause(WINDOW_MS, undefined, { signal });
        windows.push({ from, to: await consumption(stack, logFolder, signal) });
      }
    } finally {
      await load?.stop();
    }
    const figures = sizingFigures(windows);
    output.result(JSON.stringify(figures, null, 2));
    const command = 'node workshop/src/main.ts measure-sizing';
    output.result(await writeFigures(paths.root, 'sizing', { command, figures }));
    output.result(await writeFigures(paths.root, 'growth', { command, figures: growth(figures) }));
  },
};

/** @param windows one for each of the rates: idle, low, high. */
export function sizingFigures(windows: readonly Window[]): Record<string, number> {
  const [idle, low, high] = windows;
  if (!idle || !low || !high) throw new Error(`expected three windows, got ${windows.length}`);
  const figures: Record<string, number> = {};
  const extraRequests = perSecond(high, 'requests') - perSecond(low, 'requests');
  /** Of one more request a second. */
  const perRequest = (read: Reading) => (perSecond(high, read) - perSecond(low, read)) / extraRequests;
  for (const [name, job] of Object.entries(JOBS)) {
    const cpu = ({ cpuSeconds }: Consumption) => cpuSeconds.get(job) ?? 0;
    figures[`idle_cpu_percent_${name}`] = round(perSecond(idle, cpu) * 100, 2);
    figures[`request_cpu_us_${name}`] = Math.max(0, round(perRequest(cpu) * 1e6, 0));
  }
  for (const [part, bytes] of high.to.memoryBytes) {
    const name = part.replaceAll('-', '_');
    figures[`idle_memory_mb_${name}`] = mebibytes(idle.to.memoryBytes.get(part) ?? 0);
    figures[`load_memory_mb_${name}`] = mebibytes(bytes);
  }
  figures['low_requests_per_second'] = round(perSecond(low, 'requests'), 1);
  figures['high_requests_per_second'] = round(perSecond(high, 'requests'), 1);
  figures['request_log_lines'] = round(perRequest('logLines'), 2);
  figures['log_line_bytes'] = round(perSecond(high, 'logBytes') / perSecond(high, 'logLines'), 0);
  figures['request_spans'] = round(perRequest('spans'), 2);
  figures['request_store_bytes'] = round(perRequest('storeBytes'), 0);
  figures['request_database_bytes'] = round(perRequest('databaseBytes'), 0);
  figures['idle_series'] = idle.to.series;
  figures['load_series'] = high.to.series;
  figures['samples_per_second'] = round(perSecond(high, 'samples'), 0);
  return figures;
}

/** Requests a second: an ordinary day of `make load`, ten and a thousand times that. */
const GROWTH = [50, 500, 50_000] as const;
const DAY_SECONDS = 86_400;

/** Computes what the measured costs come to at other rates, if nothing is changed: costs are taken to grow with requests. */
export function growth(measured: Readonly<Record<string, number>>): Record<string, number> {
  const of = (name: string) => measured[name] ?? Number.NaN;
  const cores = (names: readonly string[], rate: number) =>
    round((names.reduce((sum, name) => sum + of(`request_cpu_us_${name}`), 0) * rate) / 1e6, 2);
  const gigabytesPerDay = (rate: number, bytes: number) => round((rate * DAY_SECONDS * bytes) / 1e9, 0);
  return Object.fromEntries(
    GROWTH.flatMap((rate) => [
      [`log_gb_per_day_at_${rate}`, gigabytesPerDay(rate, of('request_log_lines') * of('log_line_bytes'))],
      [`spans_per_second_at_${rate}`, round(rate * of('request_spans'), 0)],
      [`store_gb_per_day_at_${rate}`, gigabytesPerDay(rate, of('request_store_bytes'))],
      [`cores_services_at_${rate}`, cores(['web', 'api', 'worker'], rate)],
      [`cores_console_at_${rate}`, cores(['console'], rate)],
    ]),
  );
}

/** A counter by its name, or how it is read. */
type Reading = Exclude<keyof Consumption, 'cpuSeconds' | 'memoryBytes'> | ((each: Consumption) => number);

function perSecond({ from, to }: Window, reading: Reading): number {
  const read = typeof reading === 'function' ? reading : (each: Consumption) => each[reading];
  return (read(to) - read(from)) / (to.at - from.at);
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
