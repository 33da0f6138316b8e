import { describe, expect, it } from 'vitest';
import { histogram, METRICS } from '../src/index.ts';
import { testTelemetry } from './support/telemetry.ts';

const JOBS = histogram('job_seconds', ['queue'], [0.01, 1], 'Time that a job took.');

describe('latency buckets', () => {
  it('have an edge exactly on every objective and threshold: 0.3, 0.5 and 1 second', () => {
    for (const edge of [0.3, 0.5, 1]) {
      expect(METRICS.http_request_duration_seconds.buckets).toContain(edge);
    }
    expect(METRICS.database_operation_duration_seconds.buckets).toContain(0.5);
  });

  it('count a value on their edge as below it, and write whole numbers as OpenMetrics does', async () => {
    await using own = await testTelemetry();
    const made = own.telemetry.histogram(METRICS.http_request_duration_seconds);
    const labels = { method: 'GET', route: '/', status_code: '200' };
    for (const value of [0.3, 0.300001, 1, 11, -1, Number.NaN, Number.POSITIVE_INFINITY])
      made.observe(labels, value);
    const cumulative = (await own.samples('http_request_duration_seconds_bucket')).map((line) => {
      const [, le, count] = /le="([^"]+)".*\} (\d+)$/.exec(line) ?? [];
      return `${le}:${count}`;
    });
    expect(cumulative).toEqual(
      '0.005:1 0.01:1 0.025:1 0.05:1 0.1:1 0.2:1 0.3:2 0.5:3 1.0:4 2.5:4 5.0:4 10.0:4 +Inf:5'.split(' '),
    );
    expect(await own.samples('http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{method="GET",route="/",status_code="200"} 5',
    ]);
  });
});

describe('exemplars', () => {
  it('are kept at most one a second and bucket', async () => {
    await using own = await testTelemetry();
    const made = own.telemetry.histogram(JOBS);
    const first = 'a'.repeat(32);
    made.observe({ queue: 'q' }, 0.001, first);
    made.observe({ queue: 'q' }, 0.002, 'b'.repeat(32));
    made.observe({ queue: 'q' }, 100, 'c'.repeat(32));
    made.observe({ queue: 'q' }, 0.4);
    const withExemplar = (await own.samples('job_seconds_bucket')).filter((line) => line.includes(' # '));
    expect(withExemplar).toEqual([
      expect.stringMatching(new RegExp(`le="0.01".* # \\{trace_id="${first}"\\} 0.001 \\d+(\\.\\d+)?$`)),
      expect.stringMatching(/le="\+Inf".* # \{trace_id="c{32}"\} 100 /),
    ]);
  });
});

describe('label sets without bound', () => {
  it('stop growing', async () => {
    await using own = await testTelemetry();
    const made = own.telemetry.histogram(JOBS);
    for (let index = 0; index < 5_000; index += 1) made.observe({ queue: `q${index}` }, 1);
    expect((await own.samples('job_seconds_count')).length).toBe(2_000);
  });
});
