/** Errors of browsers as log lines, however many arrive: past a rate they are only counted, and the log says how many. */
import type { Logger } from '@lab/telemetry';
import { MAX_ERROR_MESSAGE, MAX_ERROR_STACK } from '../../shared/intake.ts';
import { createRateLimit } from './rate-limit.ts';
import { redactText } from './redact-text.ts';
import type { ReportedError } from './schemas.ts';

export interface ErrorLogOptions {
  /** Lines a second in the long run, and at once, over all clients. */
  rate?: number;
  burst?: number;
  now?: () => number;
}

export type ErrorLog = (logger: Logger, error: ReportedError, synthetic: boolean) => void;

export function createErrorLog({ rate = 10, burst = 100, now }: ErrorLogOptions = {}): ErrorLog {
  const limit = createRateLimit({ rate, burst, ...(now ? { now } : {}) });
  let unlogged = 0;
  return (logger, { kind, message, stack, route }, synthetic) => {
    if (!limit.take('')) {
      unlogged += 1;
      return;
    }
    // A warning: what anybody on the internet can cause must not look like an error of this service.
    logger.warn('Script error in a browser', {
      'event.action': 'browser-error',
      'error.type': kind,
      'error.message': redactText(message, MAX_ERROR_MESSAGE),
      ...(stack === undefined ? {} : { 'error.stack_trace': redactText(stack, MAX_ERROR_STACK) }),
      'labels.route': route,
      'labels.synthetic': synthetic,
      ...(unlogged > 0 ? { 'labels.unlogged': unlogged } : {}),
    });
    unlogged = 0;
  };
}
