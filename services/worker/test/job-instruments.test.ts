import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createTelemetry,
  jobTraceContext,
  requestLogger,
  startTracing,
  type Telemetry,
  type TracingHandle,
} from '@lab/telemetry';
import { eventually, temporaryFolder } from '@lab/testing';
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { METRICS } from '../src/metrics.ts';
import { createJobInstruments } from '../src/queue/job-instruments.ts';

const service = { name: 'unit', version: '1', instanceId: 'i', environment: 'test' };
let handle: TracingHandle | undefined;

async function tracing(): Promise<InMemorySpanExporter> {
  const exporter = new InMemorySpanExporter();
  handle = await startTracing({ service, exporter, ratio: 1, batchDelayMs: 5 });
  return exporter;
}
afterEach(async () => {
  vi.restoreAllMocks();
  await handle?.shutdown();
  handle = undefined;
  context.disable();
});

interface Own extends AsyncDisposable {
  telemetry: Telemetry;
  /** Ends the telemetry, and parses every line it wrote. */
  lines(): Promise<Record<string, unknown>[]>;
  samples(prefix: string): Promise<string[]>;
}

async function ownTelemetry(): Promise<Own> {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'worker.log');
  const telemetry = createTelemetry({ service, log: { stdout: false, file }, defaultMetrics: false });
  return {
    telemetry,
    async lines() {
      await telemetry.shutdown();
      return (await readFile(file, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    },
    async samples(prefix) {
      return (await telemetry.registry.metrics()).split('\n').filter((line) => line.startsWith(prefix));
    },
    async [Symbol.asyncDispose]() {
      await telemetry.shutdown();
      await folder[Symbol.asyncDispose]();
    },
  };
}

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

describe('a job', () => {
  it('runs in a trace of its own that links to the one that made it', async () => {
    const exporter = await tracing();
    await using own = await ownTelemetry();
    const jobs = createJobInstruments(own.telemetry, ['reminder', 'notification']);
    const producer = inSpan(() => jobTraceContext());
    expect(producer?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    await jobs.run({ queue: 'reminder', id: 'job-1', trace: producer }, async () => {
      requestLogger().info('working');
      return 'completed';
    });
    const span = await finished(exporter, 'process reminder');
    const outer = await finished(exporter, 'outer');
    expect(span.kind).toBe(SpanKind.CONSUMER);
    expect(span.spanContext().traceId).not.toBe(outer.spanContext().traceId);
    expect(span.links[0]?.context).toMatchObject({
      traceId: outer.spanContext().traceId,
      spanId: outer.spanContext().spanId,
    });
    expect(span.attributes).toMatchObject({
      'messaging.destination.name': 'reminder',
      'job.outcome': 'completed',
    });
    const lines = await own.lines();
    expect(lines.map(({ message }) => message)).toEqual(['working', 'job reminder completed']);
    for (const line of lines) {
      expect(line).toMatchObject({
        'job.id': 'job-1',
        'trace.id': span.spanContext().traceId,
        'job.producer.trace.id': outer.spanContext().traceId,
      });
    }
  });

  it('that fails is counted, timed and logged, and the error goes on to the queue', async () => {
    const exporter = await tracing();
    await using own = await ownTelemetry();
    const jobs = createJobInstruments(own.telemetry, ['reminder']);
    const failing = jobs.run({ queue: 'reminder', id: 'job-2' }, async () => {
      throw new RangeError('too late');
    });
    await expect(failing).rejects.toThrow('too late');
    expect((await finished(exporter, 'process reminder')).attributes['error.type']).toBe('RangeError');
    jobs.count('reminder', 'dead_lettered');
    jobs.setQueue('reminder', { depth: 3, oldestSeconds: 1.5 });
    expect(await own.samples('worker_jobs_total{')).toEqual([
      'worker_jobs_total{queue="reminder",outcome="completed"} 0',
      'worker_jobs_total{queue="reminder",outcome="failed"} 1',
      'worker_jobs_total{queue="reminder",outcome="dead_lettered"} 1',
      'worker_jobs_total{queue="reminder",outcome="duplicate"} 0',
    ]);
    expect(await own.samples('worker_job_duration_seconds_count')).toEqual([
      'worker_job_duration_seconds_count{queue="reminder"} 1',
    ]);
    expect(await own.samples('worker_queue_')).toEqual([
      'worker_queue_depth{queue="reminder"} 3',
      'worker_queue_oldest_seconds{queue="reminder"} 1.5',
    ]);
    expect((await own.lines())[0]).toMatchObject({ 'log.level': 'error', 'error.message': 'too late' });
  });

  it('runs although its metrics throw', async () => {
    await using own = await ownTelemetry();
    const jobs = createJobInstruments(own.telemetry, ['reminder']);
    vi.spyOn(own.telemetry.counter(METRICS.worker_jobs_total), 'inc').mockImplementation(() => {
      throw new Error('the hook is broken');
    });
    let ran = false;
    await jobs.run({ queue: 'reminder', id: '1' }, async () => {
      ran = true;
      return 'completed';
    });
    expect(ran).toBe(true);
  });
});
