import { createTestDatabase, eventually, freePort, serve } from '@lab/testing';
import { context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import pgSession from 'connect-pg-simple';
import session from 'express-session';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeStatement } from '../src/database/statement.ts';
import { instrumentPool, requestLogger, startTracing, type TracingHandle } from '../src/index.ts';
import { taskApp } from './support/task-app.ts';
import { type TestTelemetry, testTelemetry } from './support/telemetry.ts';

const exporter = new InMemorySpanExporter();
let tracing: TracingHandle;
beforeAll(async () => {
  const service = { name: 'unit', version: '1', instanceId: 'i', environment: 'test' };
  tracing = await startTracing({ service, exporter, ratio: 1, batchDelayMs: 1 });
});
afterEach(() => exporter.reset());
afterAll(async () => {
  await tracing.shutdown();
  context.disable();
});

interface Setup extends AsyncDisposable {
  pool: pg.Pool;
  own: TestTelemetry;
  /** Counts of `database_operation_duration_seconds` that are not 0, as `operation/success`. */
  counts(): Promise<Record<string, number>>;
}

async function setUp(options: pg.PoolConfig = {}): Promise<Setup> {
  const database = await createTestDatabase();
  const own = await testTelemetry();
  const pool = instrumentPool(
    new pg.Pool({ connectionString: database.ownerUrl, max: 2, ...options }),
    own.telemetry,
  );
  // A pool without a listener ends the process when an idle connection breaks.
  pool.on('error', () => undefined);
  return {
    pool,
    own,
    async counts() {
      const samples = await own.samples('database_operation_duration_seconds_count{');
      const entries = samples.map((line) => {
        const [, operation, success, count] = /operation="(\w+)",success="(\w+)"\} (\d+)/.exec(line) ?? [];
        return [`${operation}/${success}`, Number(count)] as const;
      });
      return Object.fromEntries(entries.filter(([, count]) => count > 0));
    },
    async [Symbol.asyncDispose]() {
      if (!pool.ended) await pool.end();
      await own[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Runs `act` in a recorded span and returns the spans below it. */
async function spansOf(act: () => Promise<unknown>): Promise<ReadableSpan[]> {
  const tracer = trace.getTracer('test');
  const root = tracer.startSpan('root', {}, ROOT_CONTEXT);
  await context.with(trace.setSpan(ROOT_CONTEXT, root), act);
  root.end();
  await tracing.flush();
  return exporter
    .getFinishedSpans()
    .filter((span) => span.parentSpanContext?.spanId === root.spanContext().spanId);
}

describe('a statement is measured', () => {
  it('by pool.query with promise and with callback, which see what they would have seen', async () => {
    await using setup = await setUp();
    const promised = await setup.pool.query({ text: 'SELECT $1::text AS said', values: ['hello'] });
    expect(promised.rows).toEqual([{ said: 'hello' }]);
    const called = await new Promise((resolve, reject) => {
      setup.pool.query('SELECT $1::int AS n', [7], (error, result) =>
        error ? reject(error) : resolve(result.rows),
      );
    });
    expect(called).toEqual([{ n: 7 }]);
    expect(await setup.counts()).toEqual({ 'connect/true': 1, 'select/true': 2 });
  });

  it('on a client of pool.connect, transaction included, with promise and with callback', async () => {
    await using setup = await setUp();
    const client = await setup.pool.connect();
    await client.query('BEGIN');
    await client.query('CREATE TABLE things (id int)');
    await client.query('INSERT INTO things VALUES (1)');
    await client.query('UPDATE things SET id = 2');
    await client.query('WITH gone AS (SELECT 1) DELETE FROM things');
    await client.query('ROLLBACK');
    client.release();
    await new Promise<void>((resolve, reject) => {
      setup.pool.connect((error, held, release) => {
        if (error || !held) return reject(error);
        held.query('COMMIT', (failure) => {
          release();
          failure ? reject(failure) : resolve();
        });
      });
    });
    expect(await setup.counts()).toEqual({
      'connect/true': 1,
      'begin/true': 1,
      'other/true': 1,
      'insert/true': 1,
      'update/true': 1,
      'delete/true': 1,
      'rollback/true': 1,
      'commit/true': 1,
    });
  });

  it('that fails: the error is passed on as it is and counted as failure', async () => {
    await using setup = await setUp();
    await expect(setup.pool.query('SELECT * FROM nothing')).rejects.toMatchObject({ code: '42P01' });
    const code = await new Promise((resolve) => {
      setup.pool.query('SELECT 1/0', (error: Error & { code?: string }) => resolve(error.code));
    });
    expect(code).toBe('22012');
    // The pool closes a connection whose statement failed.
    expect(await setup.counts()).toEqual({ 'connect/true': 2, 'select/false': 2 });
  });

  it('that runs into the statement timeout', async () => {
    await using setup = await setUp({ statement_timeout: 50 });
    await expect(setup.pool.query('SELECT pg_sleep(30)')).rejects.toMatchObject({ code: '57014' });
    expect(await setup.counts()).toEqual({ 'connect/true': 1, 'select/false': 1 });
  });

  it('whose connection is cut', async () => {
    await using setup = await setUp();
    const failing = setup.pool.query("SELECT pg_terminate_backend(pg_backend_pid()), 'x'");
    await expect(failing).rejects.toThrow();
    expect(await setup.counts()).toMatchObject({ 'select/false': 1 });
  });

  it('nowhere when the database is down: then it is the connecting that fails', async () => {
    await using setup = await setUp({ connectionString: `postgres://u:p@127.0.0.1:${await freePort()}/x` });
    await expect(setup.pool.query('SELECT 1')).rejects.toThrow();
    await expect(setup.pool.connect()).rejects.toThrow();
    expect(await setup.counts()).toEqual({ 'connect/false': 2 });
  });

  it('once, when the same connection is taken many times', async () => {
    await using setup = await setUp({ max: 1 });
    for (let index = 0; index < 10; index += 1) await setup.pool.query('SELECT 1');
    expect(await setup.counts()).toEqual({ 'connect/true': 1, 'select/true': 10 });
  });
});

describe('what is not a statement by text', () => {
  it('passes through: a query object that submits itself', async () => {
    await using setup = await setUp();
    const client = await setup.pool.connect();
    const query = new pg.Query('SELECT 5 AS five');
    const row = new Promise((resolve) => query.on('row', resolve));
    client.query(query);
    expect(await row).toEqual({ five: 5 });
    client.release();
  });

  it('passes through: nonsense fails as it does without instrumentation', async () => {
    await using setup = await setUp();
    await expect(setup.pool.query(undefined as unknown as string)).rejects.toThrow(/null or undefined/);
    const client = await setup.pool.connect();
    expect(() => client.query(null as unknown as string)).toThrow(/null or undefined/);
    client.release();
  });
});

describe('waiting for a connection', () => {
  it('is measured as operation connect, and has a span in the waiter’s trace', async () => {
    await using setup = await setUp({ max: 1 });
    const held = await setup.pool.connect();
    const spans = await spansOf(async () => {
      const waiting = setup.pool.query('SELECT 1');
      await eventually(
        'it waits',
        async () => (await setup.own.samples('db_pool_connections{state="waiting"} 1'))[0],
      );
      await held.query('SELECT pg_sleep(0.02)');
      held.release();
      await waiting;
    });
    expect(spans.map(({ name }) => name).sort()).toEqual(['SELECT', 'SELECT', 'connect']);
    expect((await setup.counts())['connect/true']).toBe(2);
  });

  it('shows in the pool’s gauges', async () => {
    await using setup = await setUp();
    const held = await setup.pool.connect();
    expect(await setup.own.samples('db_pool_connections{')).toEqual([
      'db_pool_connections{state="idle"} 0',
      'db_pool_connections{state="active"} 1',
      'db_pool_connections{state="waiting"} 0',
      'db_pool_connections{state="max"} 2',
    ]);
    held.release();
  });
});

describe('a database span', () => {
  it('carries what the conventions ask for, and no value and no password', async () => {
    await using setup = await setUp();
    const spans = await spansOf(() =>
      setup.pool.query(
        "SELECT 'hunter2' AS a, $1::int, 42 FROM pg_class c -- hunter2\nWHERE relname = 'hunter2'",
        [1],
      ),
    );
    const span = spans.find(({ name }) => name === 'SELECT pg_class');
    expect(span?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.namespace': setup.pool.options.connectionString?.split('/').at(-1),
      'db.operation.name': 'SELECT',
      'db.query.text': 'SELECT ? AS a, $1::int, ? FROM pg_class c WHERE relname = ?',
      'db.query.summary': 'SELECT pg_class',
      'server.address': '127.0.0.1',
      'server.port': expect.any(Number),
    });
    expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain('hunter2');
  });

  it('of a failure carries the SQLSTATE', async () => {
    await using setup = await setUp();
    const spans = await spansOf(() => setup.pool.query('SELEC 1').catch(() => undefined));
    const span = spans.find(({ name }) => name === 'SELEC');
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
    expect(span?.attributes).toMatchObject({ 'error.type': '42601', 'db.response.status_code': '42601' });
  });

  it('is made for recorded requests only: polling and start-up make none', async () => {
    await using setup = await setUp();
    await setup.pool.query('SELECT 1');
    await tracing.flush();
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('belongs to its own request when many share few connections, by promise and by callback', async () => {
    await using setup = await setUp({ max: 2 });
    const byCallback = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const active = context.active();
        setup.pool.query(text, (error) => {
          if (context.active() !== active) reject(new Error('called back in another context'));
          else error ? reject(error) : resolve();
        });
      });
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const spans = await spansOf(async () => {
          await setup.pool.query(`SELECT 1 AS "a${index}"`);
          await byCallback(`SELECT 1 AS "b${index}"`);
        });
        const texts = spans.map(({ attributes }) => attributes['db.query.text']).filter(Boolean);
        expect(texts).toEqual([`SELECT ? AS "a${index}"`, `SELECT ? AS "b${index}"`]);
      }),
    );
  });
});

describe('sessions by connect-pg-simple', () => {
  it('keep the request’s context through the store', async () => {
    await using setup = await setUp();
    const Store = pgSession(session);
    const store = new Store({ pool: setup.pool, createTableIfMissing: true, pruneSessionInterval: false });
    await using served = await serve(
      taskApp(setup.own.telemetry, (app) => {
        app.use(session({ store, secret: 'x', resave: false, saveUninitialized: true }));
        app.get('/session', (request, response) => {
          requestLogger().info('behind the session');
          response.json({ id: request.requestId });
        });
      }),
    );
    const first = await fetch(`${served.url}/session`);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await fetch(`${served.url}/session`, { headers: { cookie } });
        return ((await response.json()) as { id: string }).id;
      }),
    );
    const lines = await setup.own.lines();
    for (const id of answers) {
      const own = lines.filter((line) => line['http.request.id'] === id).map(({ message }) => message);
      expect(own).toEqual(['behind the session', 'GET /session 200']);
    }
  });
});

describe('a statement’s description', () => {
  it.each([
    ['select * from tasks where id = $1', 'select', 'SELECT tasks', 'select * from tasks where id = $1'],
    ['  (SELECT 1) UNION (SELECT 2)', 'select', 'SELECT', '(SELECT ?) UNION (SELECT ?)'],
    [
      "INSERT INTO app.tasks (t) VALUES ('it''s', E'a\\'b', $$dollar$$, $x$y$x$, -1.5e3)",
      'insert',
      'INSERT app.tasks',
      'INSERT INTO app.tasks (t) VALUES (?, ?, ?, ?, -?)',
    ],
    ['UPDATE "My Table" SET a = b1', 'update', 'UPDATE My Table', 'UPDATE "My Table" SET a = b1'],
    [
      'WITH a AS (SELECT 1), b AS (DELETE FROM x) INSERT INTO y SELECT 1',
      'insert',
      'INSERT y',
      'WITH a AS (SELECT ?), b AS (DELETE FROM x) INSERT INTO y SELECT ?',
    ],
    ['/* secret */ SELECT 1 -- secret', 'select', 'SELECT', 'SELECT ?'],
    ["SELECT 'unterminated", 'select', 'SELECT', 'SELECT ?'],
    ['SELECT "a--b", \'/*\' FROM t', 'select', 'SELECT t', 'SELECT "a--b", ? FROM t'],
    ['START TRANSACTION', 'begin', 'START', 'START TRANSACTION'],
    ['LISTEN jobs', 'other', 'LISTEN', 'LISTEN jobs'],
    ['', 'other', 'OTHER', ''],
  ])('%s', (text, operation, summary, sanitisedText) => {
    expect(describeStatement(text)).toMatchObject({ operation, summary, sanitisedText });
  });

  it('is bounded, for long texts and for many', () => {
    expect(describeStatement(`SELECT ${'a,'.repeat(100_000)}`).sanitisedText.length).toBeLessThan(2_100);
    for (let index = 0; index < 5_000; index += 1) describeStatement(`SELECT ${index} FROM t${index}`);
  });
});
