import { eventually, serve } from '@lab/testing';
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { InMemorySpanExporter, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createJobScope,
  injectTraceHeaders,
  jobTraceContext,
  requestLogger,
  runLinked,
  startClientSpan,
  startTracing,
  type TracingHandle,
  type TracingOptions,
  tracedFetch,
} from '../src/index.ts';
import { preciseNow, startPrecisely } from '../src/tracing/precise-start.ts';
import { spanDrops } from '../src/tracing/span-drops.ts';
import { taskApp } from './support/task-app.ts';
import { testTelemetry } from './support/telemetry.ts';

const service = { name: 'unit', version: '1', instanceId: 'i', environment: 'test' };
let handle: TracingHandle | undefined;

async function tracing(options: Partial<TracingOptions> = {}): Promise<InMemorySpanExporter> {
  const exporter = new InMemorySpanExporter();
  handle = await startTracing({ service, exporter, ratio: 1, batchDelayMs: 5, ...options });
  return exporter;
}
afterEach(async () => {
  await handle?.shutdown();
  handle = undefined;
  context.disable();
});

const finished = (exporter: InMemorySpanExporter, name: string): Promise<ReadableSpan> =>
  eventually(`span ${name}`, () => exporter.getFinishedSpans().find((span) => span.name === name));
const inSpan = <T>(run: () => T): T =>
  trace.getTracer('test').startActiveSpan('outer', {}, ROOT_CONTEXT, (span) => {
    try {
      return run();
    } finally {
      span.end();
    }
  });

describe('spans that are lost', () => {
  /** Reports whatever the test says, whenever it says so. */
  class Stuck implements SpanExporter {
    readonly reports: ((result: ExportResult) => void)[] = [];
    released = false;
    export(_spans: ReadableSpan[], report: (result: ExportResult) => void): void {
      if (this.released) report({ code: ExportResultCode.SUCCESS });
      else this.reports.push(report);
    }
    release(): void {
      this.released = true;
      for (const report of this.reports) report({ code: ExportResultCode.SUCCESS });
    }
    async shutdown(): Promise<void> {}
  }

  it('because the queue is full are counted, and no more than the queue is kept', async () => {
    const stuck = new Stuck();
    await tracing({ exporter: stuck, maxQueueSize: 10, exportTimeoutMs: 60_000 });
    const before = spanDrops.queue_full;
    for (let index = 0; index < 50; index += 1) inSpan(() => undefined);
    // The first ten fill the queue, and are a batch: handed over, they make room for ten more.
    expect(spanDrops.queue_full - before).toBe(30);
    expect(stuck.reports).toHaveLength(1);
    stuck.release();
  });

  it('because the exporter says nothing in time are counted once, although it fails later', async () => {
    const stuck = new Stuck();
    await tracing({ exporter: stuck, exportTimeoutMs: 1 });
    const before = spanDrops.export_failed;
    inSpan(() => undefined);
    await eventually('it is counted', () => spanDrops.export_failed === before + 1);
    for (const report of stuck.reports) report({ code: ExportResultCode.FAILED });
    stuck.release();
    expect(spanDrops.export_failed).toBe(before + 1);
  });

  it('because the exporter throws are counted', async () => {
    const stuck = new Stuck();
    stuck.export = () => {
      throw new Error('exporter is broken');
    };
    await tracing({ exporter: stuck });
    const before = spanDrops.export_failed;
    inSpan(() => undefined);
    await eventually('it is counted', () => spanDrops.export_failed === before + 1);
  });
});

describe('the start of a span', () => {
  const milliseconds = ([seconds, nanoseconds]: [number, number]) => seconds * 1000 + nanoseconds / 1e6;

  it('is known to the fraction of a millisecond, so that a child lies within its parent', async () => {
    const exporter = await tracing();
    const tracer = trace.getTracer('test');
    for (let index = 0; index < 20; index += 1) {
      tracer.startActiveSpan('parent', {}, ROOT_CONTEXT, (parent) => {
        tracer.startSpan('child').end();
        parent.end();
      });
    }
    await eventually('all spans', () => exporter.getFinishedSpans().length === 40);
    const spans = exporter.getFinishedSpans();
    expect(spans.filter(({ startTime }) => startTime[1] % 1e6 !== 0).length).toBeGreaterThan(30);
    for (const child of spans.filter(({ name }) => name === 'child')) {
      const parent = spans.find((each) => each.spanContext().spanId === child.parentSpanContext?.spanId);
      if (!parent) throw new Error('expected a parent');
      expect(milliseconds(child.startTime)).toBeGreaterThanOrEqual(milliseconds(parent.startTime));
      // Two readings of the clock lie between its start and the SDK's.
      expect(milliseconds(child.endTime)).toBeLessThanOrEqual(milliseconds(parent.endTime) + 0.2);
    }
  });

  it('stays what it was given where it lies back or has a fraction already', () => {
    const back: [number, number] = [1_700_000_000, 5_000_000];
    const exact: [number, number] = [1_700_000_000, 5_000_001];
    startPrecisely({ startTime: back }, 1_700_000_000_105.25);
    startPrecisely({ startTime: exact }, 1_700_000_000_005.25);
    expect([back, exact]).toEqual([
      [1_700_000_000, 5_000_000],
      [1_700_000_000, 5_000_001],
    ]);
    startPrecisely({ startTime: back }, 1_700_000_000_005.25);
    expect(back).toEqual([1_700_000_000, 5_250_000]);
  });

  it('follows a wall clock that is set, in either direction', () => {
    const [wall, ticks] = [Date.now(), performance.now()];
    for (const set of [wall + 3_600_000, wall - 3_600_000, wall]) {
      const now = preciseNow(set, ticks);
      expect(now).toBeGreaterThanOrEqual(set);
      expect(now).toBeLessThan(set + 1);
    }
  });
});

describe('calls to other services', () => {
  it('by tracedFetch carry the context of their own client span, and the request id', async () => {
    const exporter = await tracing();
    await using own = await testTelemetry();
    let seen: Record<string, unknown> = {};
    await using callee = await serve((request, response) => {
      seen = request.headers;
      response.writeHead(418).end();
    });
    await using caller = await serve(
      taskApp(own.telemetry, (app) => {
        app.get('/calls', async (_request, response) => {
          const answer = await tracedFetch(`${callee.url}/tea?token=hunter2`, { headers: { 'x-own': '1' } });
          response.json({ status: answer.status });
        });
      }),
    );
    const response = await fetch(`${caller.url}/calls`);
    expect(await response.json()).toEqual({ status: 418 });
    const server = await finished(exporter, 'GET /calls');
    const client = await eventually('client span', () =>
      exporter.getFinishedSpans().find(({ kind }) => kind === SpanKind.CLIENT),
    );
    expect(client.name).toBe('GET');
    expect(client.parentSpanContext?.spanId).toBe(server.spanContext().spanId);
    expect(client.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 418,
      'error.type': '418',
      'server.port': callee.port,
      'url.full': `${callee.url}/tea?token=[redacted]`,
    });
    const { traceId, spanId } = client.spanContext();
    expect(seen).toMatchObject({
      traceparent: `00-${traceId}-${spanId}-01`,
      'x-request-id': response.headers.get('x-request-id'),
      'x-own': '1',
    });
  });

  it('that fail end their span with the error, and reject as fetch does', async () => {
    const exporter = await tracing();
    await expect(tracedFetch('http://127.0.0.1:1/')).rejects.toThrow('fetch failed');
    expect((await finished(exporter, 'GET')).attributes['error.type']).toBe('TypeError');
  });

  it('get headers by hand where the caller sends the request itself', async () => {
    await tracing();
    const call = startClientSpan({ method: 'post', url: 'not a url' });
    expect(call.headers['traceparent']).toContain(call.span.spanContext().spanId);
    call.end({ statusCode: 204 });
    inSpan(() => {
      const traceId = trace.getActiveSpan()?.spanContext().traceId;
      expect(injectTraceHeaders({ accept: 'x' })).toMatchObject({
        accept: 'x',
        traceparent: expect.stringContaining(traceId ?? 'none'),
      });
    });
    expect(injectTraceHeaders({ accept: 'x' })).toEqual({ accept: 'x' });
  });
});

describe('a job', () => {
  it('runs in a trace of its own that links to the one that made it', async () => {
    const exporter = await tracing();
    await using own = await testTelemetry();
    const inScope = createJobScope(own.telemetry);
    const producer = inSpan(() => jobTraceContext());
    expect(producer?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    await inScope({ queue: 'reminder', id: 'job-1', trace: producer }, async () => {
      requestLogger().info('working');
    });
    const span = await finished(exporter, 'process reminder');
    const outer = await finished(exporter, 'outer');
    expect(span.kind).toBe(SpanKind.CONSUMER);
    expect(span.spanContext().traceId).not.toBe(outer.spanContext().traceId);
    expect(span.links[0]?.context).toMatchObject({
      traceId: outer.spanContext().traceId,
      spanId: outer.spanContext().spanId,
    });
    expect(span.attributes).toMatchObject({ 'messaging.destination.name': 'reminder' });
    const lines = await own.lines();
    expect(lines.map(({ message }) => message)).toEqual(['working']);
    for (const line of lines) {
      expect(line).toMatchObject({
        'job.id': 'job-1',
        'trace.id': span.spanContext().traceId,
        'job.producer.trace.id': outer.spanContext().traceId,
      });
    }
  });

  it('is recorded when its producer was, whatever the ratio says', async () => {
    const exporter = await tracing({ ratio: 0 });
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    const run = (flags: string) =>
      runLinked({ traceparent: `00-${id}-00f067aa0ba902b7-${flags}` }, { queue: flags }, async (span) =>
        span.isRecording(),
      );
    expect(await run('01')).toBe(true);
    expect(await run('00')).toBe(false);
    expect(await runLinked(undefined, { queue: 'none' }, async (span) => span.isRecording())).toBe(false);
    expect(await runLinked({ traceparent: 'nonsense' }, { queue: 'x' }, async () => 'ran')).toBe('ran');
    await finished(exporter, 'process 01');
  });

  it('that fails passes its error on, and the span tells of it', async () => {
    const exporter = await tracing();
    await using own = await testTelemetry();
    const failing = createJobScope(own.telemetry)({ queue: 'reminder', id: 'job-2' }, async () => {
      throw new RangeError('too late');
    });
    await expect(failing).rejects.toThrow('too late');
    expect((await finished(exporter, 'process reminder')).attributes['error.type']).toBe('RangeError');
  });
});
