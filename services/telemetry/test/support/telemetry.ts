import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, temporaryFolder } from '@lab/testing';
import { createTelemetry, type LogOptions, type Telemetry } from '../../src/index.ts';

export interface TestTelemetry extends AsyncDisposable {
  telemetry: Telemetry;
  /** Flushes, and parses every line written so far: one that is not JSON fails the test. */
  lines(): Promise<Record<string, unknown>[]>;
  /** The lines of the registry's text that start with `prefix`. */
  samples(prefix: string): Promise<string[]>;
}

let count = 0;

/** Telemetry that logs to a file of its own and not to standard output. */
export async function testTelemetry(log: LogOptions = {}): Promise<TestTelemetry> {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'service.log');
  count += 1;
  const telemetry = createTelemetry({
    service: { name: 'test-service', version: '1.2.3', instanceId: `instance-${count}`, environment: 'test' },
    log: { stdout: false, file, level: 'debug', flushEveryMs: 1, ...log },
    defaultMetrics: false,
  });
  return {
    telemetry,
    async lines() {
      const mark = `mark ${randomUUID()}`;
      telemetry.logger.error(mark);
      const text = await eventually('the mark is in the file', async () => {
        const written = await readFile(file, 'utf8');
        return written.endsWith('\n') && written.includes(mark) ? written : undefined;
      });
      const lines = text.split('\n').filter((line) => line !== '' && !line.includes('"message":"mark '));
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
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
