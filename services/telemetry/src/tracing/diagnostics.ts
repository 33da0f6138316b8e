import { DiagLogLevel, diag } from '@opentelemetry/api';
import { rootLogger } from '../http/request-scope.ts';
import { spanDrops } from './span-drops.ts';

const SAY_EVERY_MS = 10_000;
let said = Number.NEGATIVE_INFINITY;

/** The SDK's own warnings become log lines of ours, at most one in ten seconds: a backend that is down repeats itself. */
export function listenToDiagnostics(): void {
  const say = (message: string, ...rest: unknown[]) => {
    countRejected(message, rest[0]);
    const now = performance.now();
    if (now - said < SAY_EVERY_MS) return;
    said = now;
    rootLogger()?.warn(`tracing: ${message}`.slice(0, 1_000), { 'event.module': 'opentelemetry' });
  };
  const quiet = () => undefined;
  diag.setLogger(
    { error: say, warn: say, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** A backend may take a batch in part; the exporter only logs it: https://opentelemetry.io/docs/specs/otlp/#partial-success */
function countRejected(message: string, detail: unknown): void {
  if (!message.startsWith('Received Partial Success') || typeof detail !== 'string') return;
  const rejected = Number(/"rejectedSpans":"?(\d+)/.exec(detail)?.[1] ?? 0);
  spanDrops.export_failed += rejected;
}
