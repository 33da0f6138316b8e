/**
 * The API in one variant, as a process of its own. Tells its parent by IPC where it listens, and on `sample` how much
 * CPU time and memory it has used; ends when the parent disconnects.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serviceIdentity } from '@lab/telemetry';
import { composeApi } from 'taskmanager-api/compose';
import { createApiTelemetry } from 'taskmanager-api/telemetry';
import { VARIANTS } from './variants.ts';

/** Answer to `sample`. CPU: user and system time since the start, microseconds; memory: resident bytes. */
export interface Sample {
  cpuMicros: number;
  rssBytes: number;
}

const { BENCH_VARIANT = '', DATABASE_URL = '', SESSION_SECRET = '', LOG_FILE = '' } = process.env;
const variant = VARIANTS.find(({ name }) => name === BENCH_VARIANT);
if (!variant) throw new Error(`no variant ${JSON.stringify(BENCH_VARIANT)}`);

async function observabilityOf(kind: 'bare' | 'lab' | 'textbook') {
  if (kind === 'bare') return {};
  if (kind === 'textbook') {
    const { UNOBSERVED } = await import('taskmanager-api/compose');
    const { textbookMiddleware } = await import('./variants/textbook.ts');
    return { observability: { ...UNOBSERVED, middleware: textbookMiddleware() } };
  }
  const log = variant?.logs ? { file: LOG_FILE, stdout: false } : { level: 'error' as const, stdout: false };
  const { observability } = createApiTelemetry({ service: serviceIdentity(), log });
  return { observability };
}

const api = composeApi({
  databaseUrl: DATABASE_URL,
  sessionSecret: SESSION_SECRET,
  ...(await observabilityOf(variant.observability)),
});
const server = createServer(api.app).listen(0, '127.0.0.1');
await Promise.all([api.start(), once(server, 'listening')]);

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() } satisfies Sample);
});
// A benchmark's process has nothing to save: the sooner it is gone, the less it disturbs the next one.
process.on('disconnect', () => process.exit(0));
process.send?.({ port: (server.address() as AddressInfo).port });
