import { messageOf } from './logging/describe-error.ts';
import type { Logger } from './logging/types.ts';

export interface GracefulShutdownOptions {
  logger: Logger;
  /** Time for everything together, seconds (SHUTDOWN_DRAIN_SECONDS, default 10); then the process exits with 1. */
  drainSeconds?: number;
  /**
   * In this order, one after the other: readiness off, `closeHttpServer(server)`, pool.end, management.close, telemetry.shutdown.
   * A step that throws is logged and does not stop the others.
   */
  steps: readonly { name: string; run: () => unknown }[];
  /** Default process.exit; tests pass their own. */
  exit?: (code: number) => void;
}

export interface GracefulShutdown {
  /** What SIGTERM does. Resolves when all steps ended, or the time is up. */
  shutdown(reason: string): Promise<void>;
  /** Takes the signal handlers off again. */
  uninstall(): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * SIGTERM or SIGINT runs the steps in order and exits with 0; 1 when a step failed or the time was up; a second signal exits at once.
 * Errors that nobody caught are logged before they end the process, as Node would have them.
 */
export function gracefulShutdown(options: GracefulShutdownOptions): GracefulShutdown {
  const { logger, drainSeconds = 10, steps, exit = (code: number) => process.exit(code) } = options;
  let under: Promise<void> | undefined;

  const shutdown = (reason: string): Promise<void> => {
    under ??= run(reason);
    return under;
  };

  async function run(reason: string): Promise<void> {
    logger.info(`shutting down: ${reason}`, { 'event.action': 'shutdown_start' });
    const progress = { step: '', failed: false };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), drainSeconds * 1_000);
    });
    const outcome = await Promise.race([runSteps(progress), late]);
    clearTimeout(timer);
    if (outcome === 'late') {
      logger.error(`shutdown: gave up after ${drainSeconds} s in step ${progress.step}`, {
        'event.action': 'shutdown_timeout',
      });
    }
    exit(outcome === 'late' || progress.failed ? 1 : 0);
  }

  async function runSteps(progress: { step: string; failed: boolean }): Promise<void> {
    for (const step of steps) {
      progress.step = step.name;
      try {
        await step.run();
      } catch (error) {
        progress.failed = true;
        logger.error(`shutdown: step ${step.name} failed`, { error });
      }
    }
  }

  const onSignal = (signal: NodeJS.Signals) => {
    if (under === undefined) void shutdown(signal);
    else exit(signal === 'SIGINT' ? 130 : 143);
  };
  const onUncaught = (error: unknown, origin: string) => {
    logger.error(`${origin}: ${messageOf(error)}`, { 'event.action': 'crash', error });
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('uncaughtExceptionMonitor', onUncaught);
  return {
    shutdown,
    uninstall() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      process.off('uncaughtExceptionMonitor', onUncaught);
    },
  };
}
