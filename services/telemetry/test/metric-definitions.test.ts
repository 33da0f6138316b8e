import { describe, expect, it } from 'vitest';
import { METRICS } from '../src/index.ts';
import { testTelemetry } from './support/telemetry.ts';

const all = Object.entries(METRICS);

describe('every metric', () => {
  it.each(all)('%s is defined under its own name, by the conventions', (key, definition) => {
    expect(definition.name).toBe(key);
    expect(definition.help).toMatch(/\.$/);
    expect(new Set(definition.labels).size).toBe(definition.labels.length);
    expect(definition.name.endsWith('_total')).toBe(definition.type === 'counter');
    if (definition.type !== 'histogram') return;
    expect(definition.name).toMatch(/_seconds$|_cls$/);
    expect([...definition.buckets].sort((a, b) => a - b)).toEqual(definition.buckets);
  });

  it('can be registered, and starts without a sample of an unlabelled counter missing', async () => {
    await using own = await testTelemetry();
    for (const [, definition] of all) {
      if (definition.type === 'counter') own.telemetry.counter(definition);
      else if (definition.type === 'gauge') own.telemetry.gauge(definition as typeof METRICS.active_sessions);
      else own.telemetry.histogram(definition);
    }
    expect(await own.samples('deadmansswitch_silences_total')).toEqual(['deadmansswitch_silences_total 0']);
  });
});

describe('latency buckets', () => {
  it('have an edge exactly on every objective and threshold: 0.3, 0.5 and 1 second', () => {
    for (const edge of [0.3, 0.5, 1]) {
      expect(METRICS.http_request_duration_seconds.buckets).toContain(edge);
    }
    expect(METRICS.database_operation_duration_seconds.buckets).toContain(0.5);
    expect(METRICS.web_vitals_lcp_seconds.buckets).toEqual(expect.arrayContaining([2.5, 4]));
    expect(METRICS.web_vitals_inp_seconds.buckets).toEqual(expect.arrayContaining([0.2, 0.5]));
    expect(METRICS.web_vitals_cls.buckets).toEqual(expect.arrayContaining([0.1, 0.25]));
  });

  it('count a value on their edge as below it, and write whole numbers as OpenMetrics does', async () => {
    await using own = await testTelemetry();
    const histogram = own.telemetry.histogram(METRICS.http_request_duration_seconds);
    const labels = { method: 'GET', route: '/', status_code: '200' };
    for (const value of [0.3, 0.300001, 1, 11, -1, Number.NaN, Number.POSITIVE_INFINITY])
      histogram.observe(labels, value);
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
    const histogram = own.telemetry.histogram(METRICS.worker_job_duration_seconds);
    const first = 'a'.repeat(32);
    histogram.observe({ queue: 'q' }, 0.001, first);
    histogram.observe({ queue: 'q' }, 0.002, 'b'.repeat(32));
    histogram.observe({ queue: 'q' }, 100, 'c'.repeat(32));
    histogram.observe({ queue: 'q' }, 0.4);
    const withExemplar = (await own.samples('worker_job_duration_seconds_bucket')).filter((line) =>
      line.includes(' # '),
    );
    expect(withExemplar).toEqual([
      expect.stringMatching(new RegExp(`le="0.01".* # \\{trace_id="${first}"\\} 0.001 \\d+(\\.\\d+)?$`)),
      expect.stringMatching(/le="\+Inf".* # \{trace_id="c{32}"\} 100 /),
    ]);
  });
});

describe('label sets without bound', () => {
  it('stop growing', async () => {
    await using own = await testTelemetry();
    const histogram = own.telemetry.histogram(METRICS.worker_job_duration_seconds);
    for (let index = 0; index < 5_000; index += 1) histogram.observe({ queue: `q${index}` }, 1);
    expect((await own.samples('worker_job_duration_seconds_count')).length).toBe(2_000);
  });
});
