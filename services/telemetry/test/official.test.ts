import { createTestDatabase, eventually, startOtlpSink } from '@lab/testing';
import { expect, it } from 'vitest';
import type { OtlpSpan } from '../src/otlp/index.ts';
import { startFixture } from './support/child.ts';

/** Our lean spans are held to what OpenTelemetry's own instrumentations say of the same request. */

const register = new URL('../src/register.ts', import.meta.url).pathname;
const official = new URL('fixtures/official-register.ts', import.meta.url).pathname;

async function spansOf(preload: string): Promise<{ server: OtlpSpan; database: OtlpSpan; failed: OtlpSpan }> {
  await using sink = await startOtlpSink();
  await using database = await createTestDatabase();
  const env = {
    SERVICE_NAME: 'compared',
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    DATABASE_URL: database.ownerUrl,
    OWN_INSTRUMENTATION: String(preload === register),
  };
  await using service = startFixture('compared-service.ts', [], env, 'ignore', ['--import', preload]);
  const { port } = (await eventually('it listens', () => service.messages[0])) as { port: number };
  const headers = { 'user-agent': 'compared', 'x-forwarded-for': '203.0.113.9' };
  await fetch(`http://127.0.0.1:${port}/nested/items/7?q=1`, { headers });
  await fetch(`http://127.0.0.1:${port}/nested/fails`, { headers });
  return {
    server: await sink.span('server', ({ name }) => name === 'GET /nested/items/:id'),
    failed: await sink.span('failed', ({ name }) => name === 'GET /nested/fails'),
    database: await sink.span('database', ({ attributes }) =>
      String(attributes['db.query.text']).includes('pg_class'),
    ),
  };
}

/** Values that differ from one process to the next. */
const VOLATILE = new Set(['server.port', 'network.peer.port', 'db.namespace']);

/** What `theirs` says and `ours` does not say the same way. */
function differences(ours: OtlpSpan, theirs: OtlpSpan, known: Record<string, string>): string[] {
  return Object.entries(theirs.attributes)
    .filter(([key]) => !(key in known))
    .filter(([key, value]) =>
      VOLATILE.has(key) ? !(key in ours.attributes) : ours.attributes[key] !== value,
    )
    .map(
      ([key, value]) =>
        `${key}: theirs ${JSON.stringify(value)}, ours ${JSON.stringify(ours.attributes[key])}`,
    );
}

it('spans say what the official instrumentations say, in the same words', async () => {
  const [ours, theirs] = [await spansOf(register), await spansOf(official)];
  expect(ours.server.kind).toBe(theirs.server.kind);
  expect(ours.database.kind).toBe(theirs.database.kind);
  expect(ours.failed.status.code).toBe(theirs.failed.status.code);
  expect(differences(ours.server, theirs.server, {})).toEqual([]);
  expect(differences(ours.failed, theirs.failed, {})).toEqual([]);
  expect(differences(ours.database, theirs.database, {})).toEqual([]);
});
