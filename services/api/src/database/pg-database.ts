import type pg from 'pg';
import type { Database, Queryable, Statement } from './database.ts';
import { DatabaseUnavailableError, isUnavailable } from './unavailable.ts';

export interface PgDatabaseOptions {
  pool: pg.Pool;
  /** While it says no, statements are refused without being tried: their tables may not be there yet. */
  isReady?: () => boolean;
}

/** The one place through which every statement of the API goes. */
export function createPgDatabase({ pool, isReady = () => true }: PgDatabaseOptions): Database {
  function refuseUntilReady(): void {
    if (!isReady()) throw new DatabaseUnavailableError('the database is not ready yet');
  }

  return {
    async query<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
      refuseUntilReady();
      try {
        return await run<Row>(pool, statement, values);
      } catch (error) {
        throw explain(error);
      }
    },

    async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
      refuseUntilReady();
      try {
        return await inTransaction(pool, work);
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (transaction: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let lost: Error | undefined;
  // The pool listens only to idle connections; this one's statement fails with the same error.
  const onError = (error: Error) => {
    lost = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work({ query: (statement, values = []) => run(client, statement, values) });
    await client.query('COMMIT');
    return result;
  } catch (error) {
    lost ??= await rollBack(client, error);
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(lost);
  }
}

/** Returns why the connection cannot be used again, if so: dropping it also ends its transaction. */
async function rollBack(client: pg.PoolClient, error: unknown): Promise<Error | undefined> {
  if (error instanceof Error && isUnavailable(error)) return error;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (rollbackError) {
    return rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
  }
}

async function run<Row extends object>(
  connection: pg.Pool | pg.PoolClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await connection.query<Row>({ ...statement, values: [...values] });
  return rows;
}

function explain(error: unknown): unknown {
  if (error instanceof DatabaseUnavailableError || !isUnavailable(error)) return error;
  return new DatabaseUnavailableError(error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
