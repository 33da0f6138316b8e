import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { OTHER_NAME } from '../sqlite/name-table.ts';
import { numberOf, textFrom } from '../sqlite/transaction.ts';

/** Span names by service, stored once. Bounded: from the limit on, new names of a service share `(other)`. */
export class OperationTable {
  readonly #ids = new Map<number, Map<string, number>>();
  readonly #others = new Set<number>();
  #size = 0;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #limit: number;

  constructor(database: DatabaseSync, limit: number) {
    this.#insert = database.prepare('INSERT INTO operations (service, name) VALUES (?, ?)');
    this.#select = database.prepare('SELECT id, service, name FROM operations');
    this.#limit = limit;
    this.reload();
  }

  reload(): void {
    this.#ids.clear();
    this.#others.clear();
    this.#size = 0;
    for (const row of this.#select.all()) {
      this.#remember(numberOf(row['service']), textFrom(row['name']), numberOf(row['id']));
    }
  }

  id(service: number, name: string): number {
    const known = this.#ids.get(service)?.get(name);
    if (known !== undefined) return known;
    if (this.#size >= this.#limit && name !== OTHER_NAME) return this.id(service, OTHER_NAME);
    const id = Number(this.#insert.run(service, name).lastInsertRowid);
    this.#remember(service, name, id);
    return id;
  }

  /** Whether the number stands for the names beyond the limit. */
  isOther(id: number): boolean {
    return this.#others.has(id);
  }

  #remember(service: number, name: string, id: number): void {
    const names = this.#ids.get(service) ?? new Map<string, number>();
    this.#ids.set(service, names.set(name, id));
    if (name === OTHER_NAME) this.#others.add(id);
    this.#size++;
  }
}
