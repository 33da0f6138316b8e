import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in one write transaction; an error undoes everything and is thrown on. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite may have rolled back by itself already (disk full): then ROLLBACK would hide the real error.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Runs `work` on one unchanging view of the database. */
export function inSnapshot<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN');
  try {
    return work();
  } finally {
    database.exec('COMMIT');
  }
}

/** A number out of a row; SQLite's integers here all fit. @throws TypeError */
export function numberOf(value: unknown): number {
  if (typeof value !== 'number')
    throw new TypeError(`expected a number from the database, received ${typeof value}`);
  return value;
}

/** A text out of a row. @throws TypeError */
export function textFrom(value: unknown): string {
  if (typeof value !== 'string')
    throw new TypeError(`expected a text from the database, received ${typeof value}`);
  return value;
}
