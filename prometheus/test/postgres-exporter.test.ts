import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTestDatabase, eventually, freePort } from '@lab/testing';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { ruleQueries } from '../src/queries.ts';
import { read } from '../src/repository.ts';
import { findTool, toolRoot } from '../src/tools/find-tool.ts';
import { seriesKinds } from './support/exposition.ts';
import { readExpression } from './support/selectors.ts';

/** What the rules read of postgres-exporter: metric, and the labels that they select or group by. */
const used = ruleQueries().flatMap(({ promql }) => {
  const { selectors, labels } = readExpression(promql);
  return selectors
    .filter(({ metric }) => metric.startsWith('pg_'))
    .map(({ metric, matchers }) => ({
      metric,
      labels: [...matchers.map(({ label }) => label), ...labels].filter(
        (label) => !['job', 'instance'].includes(label),
      ),
    }));
});

describe('the series of postgres-exporter that rules read', () => {
  test('are these, and no others', () => {
    expect([...new Set(used.map(({ metric }) => metric))].sort()).toEqual([
      'pg_locks_count',
      'pg_settings_max_connections',
      'pg_stat_activity_count',
      'pg_stat_activity_max_tx_duration',
      'pg_stat_database_blks_hit',
      'pg_stat_database_blks_read',
      'pg_stat_database_deadlocks',
      'pg_up',
    ]);
  });

  test.each(['0.11', '0.20'])('were exposed by %s against Postgres 18', (version) => {
    const kinds = read(`prometheus/test/fixtures/series/postgres-exporter-${version}.txt`).split('\n');
    for (const { metric, labels } of used) {
      const exposed = kinds
        .find((kind) => kind.startsWith(`${metric}{`))
        ?.slice(metric.length + 1, -1)
        .split(',');
      expect(exposed, metric).toBeDefined();
      expect(exposed, metric).toEqual(expect.arrayContaining(labels));
    }
  });

  test('are exposed by the one at hand against a real Postgres, and show a lock, a long transaction and a deadlock', async () => {
    await using database = await createTestDatabase();
    await using exporter = await startExporter(exporterUrl(database.superuserUrl));
    await using holder = await connect(database.superuserUrl);
    await using other = await connect(database.superuserUrl);
    await holder.query(
      'CREATE TABLE a (i int); CREATE TABLE b (i int); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)',
    );

    const kinds = seriesKinds(await exporter.metrics());
    for (const { metric } of used)
      expect(
        kinds.some((kind) => kind.startsWith(`${metric}{`)),
        metric,
      ).toBe(true);
    expect(await exporter.value('pg_up')).toBe(1);

    await deadlock(holder, other);
    await eventually(
      'the deadlock',
      async () => (await exporter.value('pg_stat_database_deadlocks', database.name)) === 1,
    );

    // Last, and not with CREATE TABLE's own lock: 0.20's collector of table sizes waits for a locked table.
    await holder.query('BEGIN; LOCK TABLE a IN ACCESS EXCLUSIVE MODE');
    await eventually(
      'the lock',
      async () => (await exporter.value('pg_locks_count', database.name, 'mode="accessexclusivelock"')) === 1,
    );
    await eventually(
      'the open transaction',
      async () =>
        (await exporter.value(
          'pg_stat_activity_max_tx_duration',
          database.name,
          'state="idle in transaction"',
        )) > 0,
    );
  });

  test('pg_up is 0, and answered at once, when nothing listens', async () => {
    await using exporter = await startExporter(
      `postgres://postgres_exporter:x@127.0.0.1:${await freePort()}/postgres?sslmode=disable`,
    );
    expect(await exporter.value('pg_up')).toBe(0);
  });
});

function exporterUrl(superuserUrl: string): string {
  const url = new URL(superuserUrl);
  url.username = 'postgres_exporter';
  url.password = 'exporter';
  url.searchParams.set('sslmode', 'disable');
  return url.href;
}

async function startExporter(dataSource: string) {
  const port = await freePort();
  const program = findTool('postgres_exporter', 'prometheus-postgres-exporter');
  // The flags that both versions need to stay quiet and quick are what lite and full run it with.
  const child = spawn(program, [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], {
    cwd: toolRoot(program),
    env: { DATA_SOURCE_NAME: dataSource },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const metrics = async () =>
    (await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
  await eventually('the exporter answers', metrics);
  return {
    metrics,
    /** Greatest value of a metric, of one database, with a label; NaN where there is none. */
    async value(metric: string, database?: string, label = ''): Promise<number> {
      const lines = (await metrics())
        .split('\n')
        .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
        .filter(
          (line) =>
            (database === undefined || line.includes(`datname="${database}"`)) && line.includes(label),
        );
      return lines.length === 0
        ? Number.NaN
        : Math.max(...lines.map((line) => Number(line.slice(line.lastIndexOf(' ')))));
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function connect(connectionString: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  // The database is dropped under it in the end.
  client.on('error', () => undefined);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** Two transactions update two tables in different order; Postgres ends one of them after a second. */
async function deadlock(one: pg.Client, two: pg.Client): Promise<void> {
  await one.query('BEGIN; UPDATE a SET i = 2');
  await two.query('BEGIN; UPDATE b SET i = 2');
  const results = await Promise.allSettled([
    one.query('UPDATE b SET i = 3'),
    two.query('UPDATE a SET i = 3'),
  ]);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  await one.query('ROLLBACK');
  await two.query('ROLLBACK');
}
