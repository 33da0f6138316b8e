import { randomUUID } from 'node:crypto';
import { type OtlpSink, type Program, patiently, startOtlpSink } from '@lab/testing';
import type { NotificationJob } from 'taskmanager-api/contract/jobs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type MigratedDatabase, migratedDatabase } from './migrated-database.ts';
import { createProducer, type Producer, series, startWorker } from './worker-process.ts';

// Several processes on few cores: as long as it takes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** A task with this title cannot be told of the first time; `never` not at all. */
const ONCE = 'fails once';
const NEVER = 'fails for ever';

const FAULTS_TOKEN = 'a token of this test';

let database: MigratedDatabase;
let producer: Producer;
let sink: OtlpSink;
let worker: Program;

beforeAll(async () => {
  database = await migratedDatabase();
  // Delivery fails in the database, where it would fail in production. A sequence keeps its count in a rolled-back transaction.
  await database.query(`
    CREATE SEQUENCE attempts;
    GRANT USAGE ON attempts TO taskmanager_app;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.task_title = '${NEVER}' OR (NEW.task_title = '${ONCE}' AND nextval('attempts') = 1) THEN
        RAISE EXCEPTION 'refused by the test';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION refuse();`);
  producer = await createProducer(database);
  sink = await startOtlpSink();
  worker = await startWorker(database.appUrl, {
    FAULTS_ENABLED: 'true',
    FAULTS_TOKEN,
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
  });
  await worker.ready();
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
  await producer[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const assigned = async (title?: string): Promise<NotificationJob> => ({
  kind: 'task_assigned',
  occurrenceId: randomUUID(),
  ...(await database.insertTask(title === undefined ? {} : { title })),
});
const deliveries = async (job: NotificationJob) => {
  const rows = await database.query('SELECT FROM notifications WHERE occurrence_id = $1', [job.occurrenceId]);
  return rows.length;
};
const jobState = async (id: string) => {
  const [row] = await database.query<{ state: string; retry_count: number; output: { message?: string } }>(
    'SELECT state::text, retry_count, output FROM pgboss.job WHERE id = $1',
    [id],
  );
  return row;
};
const ended = (id: string) =>
  patiently(`job ${id} to end`, async () => {
    const job = await jobState(id);
    return job && ['completed', 'failed'].includes(job.state) ? job : undefined;
  });
const counted = async (outcome: string) =>
  series(await worker.metrics(), 'worker_jobs_total', { queue: 'notification', outcome });

describe('taskmanager-worker', () => {
  test('starts every outcome of every queue at 0, so that the first one is an increase', async () => {
    const page = await worker.metrics();
    for (const queue of ['reminder', 'notification'])
      for (const outcome of ['completed', 'failed', 'dead_lettered', 'duplicate'])
        expect(series(page, 'worker_jobs_total', { queue, outcome })).toBeDefined();
  });

  test('delivers a notification once and counts the second job of its occurrence as a duplicate', async () => {
    const job = await assigned();
    const [completed, duplicate] = [await counted('completed'), await counted('duplicate')];
    expect((await ended(await producer.send('notification', job))).state).toBe('completed');
    expect((await ended(await producer.send('notification', job))).state).toBe('completed');
    expect(await deliveries(job)).toBe(1);
    expect(await counted('completed')).toBe((completed ?? 0) + 1);
    expect(await counted('duplicate')).toBe((duplicate ?? 0) + 1);
    expect(
      series(await worker.metrics(), 'worker_job_duration_seconds_count', { queue: 'notification' }),
    ).toBeGreaterThanOrEqual(2);
  });

  test('delivers a reminder when its time has come, not before', async () => {
    const dueAt = new Date(Date.now() + 3_600_000).toISOString();
    const task = await database.insertTask({ dueAt });
    const reminder = { kind: 'reminder', dueAt, ...task };
    const now = await producer.send('reminder', { ...reminder, occurrenceId: randomUUID() });
    const later = await producer.send(
      'reminder',
      { ...reminder, occurrenceId: randomUUID() },
      { startAfter: new Date(Date.now() + 3_600_000) },
    );
    expect((await ended(now)).state).toBe('completed');
    expect((await jobState(later))?.state).toBe('created');
    // Nor is what is not due yet a backlog.
    expect(series(await worker.metrics(), 'worker_queue_depth', { queue: 'reminder' })).toBe(0);
  });

  test('tries again after a failure', async () => {
    const job = await assigned(ONCE);
    const failed = await counted('failed');
    expect(await ended(await producer.send('notification', job))).toMatchObject({
      state: 'completed',
      retry_count: 1,
    });
    expect(await deliveries(job)).toBe(1);
    expect(await counted('failed')).toBe((failed ?? 0) + 1);
  });

  test('puts a job that failed every time into the dead-letter queue, with the reason', async () => {
    const [failed, deadLettered] = [await counted('failed'), await counted('dead_lettered')];
    const id = await producer.send('notification', await assigned(NEVER), { retryLimit: 1 });
    expect(await ended(id)).toMatchObject({
      state: 'failed',
      output: { message: 'delivery failed 2 times: refused by the test' },
    });
    const [letter] = await database.query(
      `SELECT source_name FROM pgboss.job WHERE name = 'dead-letter' AND source_id = $1`,
      [id],
    );
    expect(letter).toEqual({ source_name: 'notification' });
    const spans = await patiently('a span of each attempt', () => {
      const found = sink.spans.filter((span) => span.attributes['messaging.message.id'] === id);
      return found.length === 2 ? found : undefined;
    });
    expect(spans.map((span) => [span.attributes['job.outcome'], span.status.code])).toEqual([
      ['failed', 'error'],
      ['dead_lettered', 'error'],
    ]);
    const lines = (await worker.logLines()).filter((line) => line['job.id'] === id);
    expect(new Set(lines.map((line) => line['log.level']))).toEqual(new Set(['error']));
    expect(await counted('failed')).toBe((failed ?? 0) + 1);
    expect(await counted('dead_lettered')).toBe((deadLettered ?? 0) + 1);
  });

  test.each([
    ['no payload', null],
    ['a payload of another queue', { kind: 'reminder', dueAt: '2031-01-01T00:00:00Z' }],
    [
      'an occurrence that is no UUID',
      { kind: 'task_assigned', occurrenceId: "'; DROP TABLE notifications; --" },
    ],
    ['a trace that is no trace', { trace: { traceparent: 5 } }],
    ['deep nonsense', JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as object],
  ])('dead-letters %s at the first look and goes on with the rest', async (_what, part) => {
    const deadLettered = await counted('dead_lettered');
    const good = await assigned();
    const payload =
      part === null || Array.isArray(part) ? part : { ...good, occurrenceId: randomUUID(), ...part };
    const poison = await producer.send('notification', payload as object);
    const after = await producer.send('notification', good);
    expect(await ended(poison)).toMatchObject({ state: 'failed', retry_count: 0 });
    expect((await ended(after)).state).toBe('completed');
    expect(await deliveries(good)).toBe(1);
    expect(await counted('dead_lettered')).toBe((deadLettered ?? 0) + 1);
  });

  test('shows how many dead letters wait for a person', async () => {
    const [row] = await database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'dead-letter'`,
    );
    await patiently(
      'the sampled depth',
      async () => series(await worker.metrics(), 'worker_queue_depth', { queue: 'dead-letter' }) === row?.n,
    );
    const oldest = series(await worker.metrics(), 'worker_queue_oldest_seconds', { queue: 'dead-letter' });
    expect(oldest).toBeGreaterThan(0);
  });

  test('fails attempts while the fault says so, and makes up for it when the fault has expired', async () => {
    const failed = await counted('failed');
    const answer = await fetch(`${worker.managementUrl}/faults`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${FAULTS_TOKEN}` },
      body: JSON.stringify({ fault: 'error', ratio: 1, ttlSeconds: 2 }),
    });
    expect(answer.status).toBe(200);
    const job = await assigned();
    expect((await ended(await producer.send('notification', job))).state).toBe('completed');
    expect(await deliveries(job)).toBe(1);
    expect(await counted('failed')).toBeGreaterThan(failed ?? 0);
  });

  test('links log line and span of a job to the request that enqueued it', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const spanId = traceId.slice(0, 16);
    const job = { ...(await assigned()), trace: { traceparent: `00-${traceId}-${spanId}-01` } };
    const id = await producer.send('notification', job);
    await ended(id);
    const line = await patiently('its log line', async () =>
      (await worker.logLines()).find((record) => JSON.stringify(record).includes(id)),
    );
    expect(line).toMatchObject({
      'service.name': 'taskmanager-worker',
      'service.instance.id': worker.instanceId,
    });
    expect(line['job.producer.trace.id']).toBe(traceId);
    const span = await sink.span('of the job', (one) => one.attributes['messaging.message.id'] === id);
    expect(span.links).toMatchObject([{ traceId, spanId }]);
    expect(line['trace.id']).toBe(span.traceId);
  });
});
