/** What the stores know of the database: statements, rows, transactions. No driver. */

/** A statement; one with a `name` is prepared once a connection, for those on the hot path. */
export interface Statement {
  text: string;
  name?: string;
}

export interface Queryable {
  /** Runs one statement and returns its rows. @throws DatabaseUnavailableError, or the database's own error. */
  query<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it rejects. @throws what `work` throws, or as `query`. */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
}
