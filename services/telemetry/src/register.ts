/**
 * Loaded ahead of the program: `node --import @lab/telemetry/register src/main.ts`. Starts tracing from the environment:
 * SERVICE_NAME (required), OTEL_EXPORTER_OTLP_ENDPOINT (base URL; unset: no export), OTEL_TRACES_SAMPLER_ARG (ratio, default 0.1),
 * OTEL_EXPORTER_OTLP_TIMEOUT (ms for one export, default 5000), OTEL_BSP_SCHEDULE_DELAY (ms until a batch goes, default 1000),
 * OTEL_BSP_MAX_QUEUE_SIZE (spans, default 8192), OTEL_SDK_DISABLED. A value that makes no sense ends the start with status 2; what the backend does never ends anything.
 */
import { serviceIdentity } from './identity.ts';
import { startTracing } from './tracing/start-tracing.ts';

function refuse(variable: string, expected: string): never {
  process.stderr.write(
    `${variable}: expected ${expected}, received ${JSON.stringify(process.env[variable])}\n`,
  );
  process.exit(2);
}

function endpoint(): string | undefined {
  const value = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!value) return undefined;
  const protocol = URL.canParse(value) ? new URL(value).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:')
    refuse('OTEL_EXPORTER_OTLP_ENDPOINT', 'an http(s) base URL');
  return value;
}

function ratio(): number {
  const value = process.env['OTEL_TRACES_SAMPLER_ARG'];
  if (!value) return 0.1;
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) refuse('OTEL_TRACES_SAMPLER_ARG', 'a number from 0 to 1');
  return number;
}

function wholeNumber(variable: string, standard: number): number {
  const value = process.env[variable];
  if (!value) return standard;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) refuse(variable, 'a whole number from 1');
  return number;
}

if (!process.env['SERVICE_NAME']) refuse('SERVICE_NAME', 'the name of the service');
if (process.env['OTEL_SDK_DISABLED'] !== 'true') {
  await startTracing({
    service: serviceIdentity(),
    endpoint: endpoint(),
    ratio: ratio(),
    exportTimeoutMs: wholeNumber('OTEL_EXPORTER_OTLP_TIMEOUT', 5_000),
    batchDelayMs: wholeNumber('OTEL_BSP_SCHEDULE_DELAY', 1_000),
    maxQueueSize: wholeNumber('OTEL_BSP_MAX_QUEUE_SIZE', 8_192),
  });
}
