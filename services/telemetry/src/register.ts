/**
 * Loaded ahead of the program: `node --import @lab/telemetry/register src/main.ts`. Starts tracing from the environment:
 * SERVICE_NAME (required), OTEL_EXPORTER_OTLP_ENDPOINT (base URL; unset: no export), OTEL_TRACES_SAMPLER_ARG (ratio, default 0.1),
 * OTEL_EXPORTER_OTLP_TIMEOUT (ms for one export, default 5000), OTEL_BSP_SCHEDULE_DELAY (ms until a batch goes, default 1000),
 * OTEL_BSP_MAX_QUEUE_SIZE (spans, default 8192), OTEL_SDK_DISABLED. A value that makes no sense ends the start with status 2; what the backend does never ends anything.
 */
import { httpUrl, number, readSettings, runProgram, text, wholeNumber } from '@lab/kit';
import { serviceIdentity } from './identity.ts';
import { startTracing } from './tracing/start-tracing.ts';

const wholeNumberFromOne = wholeNumber(1, 2 ** 31 - 1);
const service = serviceIdentity();

await runProgram(service.name, async () => {
  const values = readSettings(process.env, {
    SERVICE_NAME: text('the name of the service'),
    OTEL_SDK_DISABLED: text('true, or anything else for false').optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl('http://127.0.0.1:4318, without /v1/traces').optional(),
    OTEL_TRACES_SAMPLER_ARG: number(0, 1).or(0.1),
    OTEL_EXPORTER_OTLP_TIMEOUT: wholeNumberFromOne.or(5_000),
    OTEL_BSP_SCHEDULE_DELAY: wholeNumberFromOne.or(1_000),
    OTEL_BSP_MAX_QUEUE_SIZE: wholeNumberFromOne.or(8_192),
  });
  if (values.OTEL_SDK_DISABLED === 'true') return;
  await startTracing({
    service,
    endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
    exportTimeoutMs: values.OTEL_EXPORTER_OTLP_TIMEOUT,
    batchDelayMs: values.OTEL_BSP_SCHEDULE_DELAY,
    maxQueueSize: values.OTEL_BSP_MAX_QUEUE_SIZE,
  });
});
