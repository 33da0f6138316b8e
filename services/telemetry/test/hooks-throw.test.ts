import { serve } from '@lab/testing';
import { type Span, trace } from '@opentelemetry/api';
import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFaults, gauge, httpServerTelemetry, type LogFields, METRICS } from '../src/index.ts';
import type { FastLogger } from '../src/logging/winston-logger.ts';
import { taskApp } from './support/task-app.ts';
import { type TestTelemetry, testTelemetry } from './support/telemetry.ts';

/** Whatever of the instrumentation throws: the request is answered as if nothing were wrong, and the failure is counted. */

afterEach(() => vi.restoreAllMocks());

const broken = () => {
  throw new Error('the hook is broken');
};

function tracer(methods: { startSpan: () => Span }): void {
  vi.spyOn(trace, 'getTracer').mockReturnValue({ startActiveSpan: broken, ...methods });
}

async function answers(own: TestTelemetry, sabotage: () => void): Promise<void> {
  sabotage();
  const app = taskApp(own.telemetry);
  await using served = await serve(app);
  const response = await fetch(`${served.url}/api/v1/tasks/5`, {
    headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ id: '5' });
  expect((await fetch(`${served.url}/api/v1/tasks/5/throws`)).status).toBe(500);
}

const failures = async (own: TestTelemetry) =>
  (await own.samples('telemetry_errors_total{')).reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);

describe('a request is answered although', () => {
  it.each<[string, (own: TestTelemetry) => void]>([
    ['a span cannot be started', () => tracer({ startSpan: broken })],
    [
      'a span throws at everything',
      () => {
        const span = new Proxy({} as Span, {
          get: (_target, name) =>
            name === 'spanContext'
              ? () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 })
              : broken,
        });
        tracer({ startSpan: () => span });
      },
    ],
    [
      'the histogram throws',
      ({ telemetry }) => {
        const durations = telemetry.histogram(METRICS.http_request_duration_seconds);
        vi.spyOn(durations, 'child').mockImplementation(broken);
      },
    ],
    [
      'the logger throws',
      ({ telemetry }) => vi.spyOn(telemetry.logger as FastLogger, 'ready').mockImplementation(broken),
    ],
    [
      'winston throws',
      ({ telemetry }) => vi.spyOn(telemetry.logger.winston, 'write').mockImplementation(broken),
    ],
    ['winston has been ended', ({ telemetry }) => void telemetry.logger.winston.end()],
  ])('%s', async (_case, sabotage) => {
    await using own = await testTelemetry();
    await answers(own, () => sabotage(own));
    if (_case !== 'winston has been ended') expect(await failures(own)).toBeGreaterThan(0);
    vi.restoreAllMocks();
  });

  it('the ignore option throws', async () => {
    await using own = await testTelemetry();
    const app = express();
    app.use(httpServerTelemetry({ telemetry: own.telemetry, ignore: broken }));
    app.get('/', (_request, response) => void response.send('fine'));
    await using served = await serve(app);
    expect(await (await fetch(served.url)).text()).toBe('fine');
    expect(await failures(own)).toBe(1);
  });

  it('reporting the failure fails too', async () => {
    await using own = await testTelemetry();
    await answers(own, () => {
      vi.spyOn(own.telemetry.logger as FastLogger, 'ready').mockImplementation(broken);
      vi.spyOn(own.telemetry.logger, 'warn').mockImplementation(broken);
      vi.spyOn(own.telemetry.counter(METRICS.telemetry_errors_total), 'inc').mockImplementation(broken);
    });
  });
});

describe('a scrape succeeds although', () => {
  it('one gauge cannot be read', async () => {
    await using own = await testTelemetry();
    own.telemetry.gauge(gauge('broken', [], 'Cannot be read.'), broken);
    expect(await own.samples('service_info')).toHaveLength(1);
    expect(await failures(own)).toBeGreaterThan(0);
  });
});

describe('the logger', () => {
  it('never throws, whatever it is given', async () => {
    await using own = await testTelemetry();
    const { logger } = own.telemetry;
    const hostile = new Proxy({}, { get: broken, ownKeys: broken, getPrototypeOf: broken });
    const anything = [undefined, null, 7, Symbol('x'), hostile, [hostile], () => 1, new Date(Number.NaN)];
    for (const value of anything) {
      logger.info(value as string);
      logger.error('text', value as LogFields);
      logger.error(value as Error, { value });
      logger.child(value as LogFields).info('child');
      logger.child({ value }).warn('child', { value });
      logger.winston.log({ level: 'info', message: 'by a library', value });
    }
    const lines = await own.lines();
    expect(lines.length).toBeGreaterThan(40);
  });
});

describe('faults', () => {
  it('that are disabled let every request pass', async () => {
    await using own = await testTelemetry();
    const faults = createFaults({ telemetry: own.telemetry, enabled: false });
    await answers(own, () => faults.middleware());
  });
});
