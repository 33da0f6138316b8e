/** The one place that reads the worker's environment. */
import { type Environment, postgresUrl, wholeNumber } from '@lab/kit';
import { readServiceSettings } from '@lab/telemetry';
import { QUEUES } from 'taskmanager-api/contract/jobs';

const SETTINGS = {
  DATABASE_URL: postgresUrl,
  DATABASE_POOL_SIZE: wholeNumber(2, 100).or(5),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(100, 600_000).or(5_000),
  WORKER_CONCURRENCY: wholeNumber(1, 50).or(2),
};

/** Those with a dead-letter queue behind them; nobody works on the dead letters themselves. */
const WORKED_QUEUES = QUEUES.filter((queue) => queue.deadLetter !== undefined).length;

/** @throws ConfigError naming each wrong variable, its value (unless secret) and what was expected. */
export function readConfig(env: Environment) {
  const defaults = { name: 'taskmanager-worker', managementPort: 9466 };
  const { common, own } = readServiceSettings(env, defaults, SETTINGS, (found) => {
    const { DATABASE_POOL_SIZE = Infinity, WORKER_CONCURRENCY = 0 } = found;
    const handlers = WORKER_CONCURRENCY * WORKED_QUEUES;
    return {
      DATABASE_POOL_SIZE:
        handlers >= DATABASE_POOL_SIZE &&
        `more than ${handlers} (WORKER_CONCURRENCY ${WORKER_CONCURRENCY} × ${WORKED_QUEUES} queues), ` +
          "so that a connection is left for the queue's own statements",
    };
  });
  return {
    ...common,
    database: {
      url: own.DATABASE_URL,
      poolSize: own.DATABASE_POOL_SIZE,
      statementTimeoutMs: own.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    /** Jobs of one queue handled at once. */
    concurrency: own.WORKER_CONCURRENCY,
  };
}
