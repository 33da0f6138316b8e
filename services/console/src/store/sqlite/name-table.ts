import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { numberOf, textFrom } from './transaction.ts';

/** Names that take the place of those beyond the limit. */
export const OTHER_NAME = '(other)';

/**
 * Names stored once and referred to by number, so that rows and words of the index stay short. Bounded: from the limit on,
 * every new name shares the number of `(other)`.
 */
export class NameTable {
  readonly #ids = new Map<string, number>();
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #limit: number;

  /** @param table name of a table made with `nameTableSql`. */
  constructor(database: DatabaseSync, table: string, limit: number) {
    this.#insert = database.prepare(`INSERT INTO ${table} (name) VALUES (?) ON CONFLICT (name) DO NOTHING`);
    this.#select = database.prepare(`SELECT id, name FROM ${table}`);
    this.#limit = limit;
    this.reload();
  }

  /** Forgets what a rolled-back transaction added. */
  reload(): void {
    this.#ids.clear();
    for (const row of this.#select.all()) this.#ids.set(textFrom(row['name']), numberOf(row['id']));
  }

  /** Number of the name; inserted when new. Call within the transaction that uses it. */
  id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    if (this.#ids.size >= this.#limit && name !== OTHER_NAME) return this.id(OTHER_NAME);
    const id = Number(this.#insert.run(name).lastInsertRowid);
    this.#ids.set(name, id);
    return id;
  }
}

export const nameTableSql = (table: string) =>
  `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);`;

/** All names of a table by number, as a reader sees them now. */
export function readNames(database: DatabaseSync, table: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const row of database.prepare(`SELECT id, name FROM ${table}`).all()) {
    names.set(numberOf(row['id']), textFrom(row['name']));
  }
  return names;
}
