import { expect, test } from 'vitest';
import { growth, sizingFigures } from '../../src/commands/measure-sizing.ts';
import type { Consumption } from '../../src/measure/consumption.ts';

/** Counters of a lab that idles at 1 % of a core and pays a millisecond a request. */
function looks(rate: number, seconds: number): { from: Consumption; to: Consumption } {
  const look = (at: number): Consumption => ({
    at,
    cpuSeconds: new Map([['taskmanager-backend', at * (0.01 + rate * 0.001)]]),
    requests: at * rate,
    logLines: at * (0.5 + rate * 2),
    logBytes: at * (0.5 + rate * 2) * 700,
    spans: at * rate * 6,
    storeBytes: at * rate * 4000,
    databaseBytes: at * rate * 100,
    samples: at * 800,
    series: 4000 + rate,
    memoryBytes: new Map([['api', (100 + rate) * 1024 * 1024]]),
  });
  return { from: look(1000), to: look(1000 + seconds) };
}

test('what idling costs is not charged to requests', () => {
  const figures = sizingFigures([looks(0, 60), looks(20, 61), looks(60, 59)]);
  expect(figures).toMatchObject({
    idle_cpu_percent_api: 1,
    request_cpu_us_api: 1000,
    request_log_lines: 2,
    log_line_bytes: 700,
    request_spans: 6,
    idle_memory_mb_api: 100,
    load_memory_mb_api: 160,
    load_series: 4060,
  });
});

test('growth is the measured cost times the rate', () => {
  const figures = growth({
    request_log_lines: 2,
    log_line_bytes: 500,
    request_spans: 6,
    request_store_bytes: 4000,
    request_cpu_us_web: 500,
    request_cpu_us_api: 1000,
    request_cpu_us_worker: 500,
    request_cpu_us_console: 100,
  });
  // 50 × 86,400 × 1,000 bytes
  expect(figures['log_gb_per_day_at_50']).toBe(4);
  expect(figures['spans_per_second_at_500']).toBe(3000);
  expect(figures['cores_services_at_50000']).toBe(100);
});
