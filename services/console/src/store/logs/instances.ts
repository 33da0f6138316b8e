import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { numberOf, textFrom } from '../sqlite/transaction.ts';

interface Instance {
  id: number;
  /** Highest `event.sequence` stored. A sequence above it cannot be a repetition. */
  highest: number;
}

/** Forget the instances of programs long gone once there are this many. */
const PRUNE_ABOVE = 10_000;

/** The processes that wrote log lines (`service.instance.id`) and how far each has counted. */
export class Instances {
  readonly #byName = new Map<string, Instance>();
  readonly #changed = new Set<Instance>();
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare('INSERT INTO instances (name, high_sequence, seen_ms) VALUES (?, -1, ?)');
    this.#update = database.prepare('UPDATE instances SET high_sequence = ?, seen_ms = ? WHERE id = ?');
    this.reload();
  }

  reload(): void {
    this.#byName.clear();
    this.#changed.clear();
    for (const row of this.#database.prepare('SELECT id, name, high_sequence FROM instances').all()) {
      this.#byName.set(textFrom(row['name']), {
        id: numberOf(row['id']),
        highest: numberOf(row['high_sequence']),
      });
    }
  }

  get(name: string, nowMs: number): Instance {
    const known = this.#byName.get(name);
    if (known) return known;
    const instance = { id: Number(this.#insert.run(name, nowMs).lastInsertRowid), highest: -1 };
    this.#byName.set(name, instance);
    return instance;
  }

  counted(instance: Instance, sequence: number): void {
    if (sequence <= instance.highest) return;
    instance.highest = sequence;
    this.#changed.add(instance);
  }

  /** Writes what changed; within the transaction of the rows. */
  save(nowMs: number): void {
    for (const instance of this.#changed) this.#update.run(instance.highest, nowMs, instance.id);
    this.#changed.clear();
  }

  /** Forgets instances not seen since `beforeMs`, when there are very many. Within a transaction. */
  prune(beforeMs: number): void {
    if (this.#byName.size <= PRUNE_ABOVE) return;
    this.#database.prepare('DELETE FROM instances WHERE seen_ms < ?').run(beforeMs);
    this.reload();
  }
}
