import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { InboxMessage, InboxPage } from '../../contract/inbox.ts';
import { inTransaction, numberOf, textFrom } from '../sqlite/transaction.ts';

export interface InboxLimits {
  maxMessages: number;
  maxBytes: number;
}

export interface InboxSearch {
  channel: string | undefined;
  status: string | undefined;
  /** Each must occur somewhere in the message; lower case. */
  words: string[];
  sinceMs: number;
  limit: number;
  /** Only messages before this one. */
  before: number | undefined;
}

/** The newest messages that arrived in any channel; the oldest make room. */
export class InboxTable {
  readonly #database: DatabaseSync;
  readonly #limits: InboxLimits;
  #messages: number;
  #bytes: number;

  constructor(database: DatabaseSync, limits: InboxLimits) {
    this.#database = database;
    this.#limits = limits;
    const sums = database.prepare('SELECT count(*) AS messages, total(bytes) AS bytes FROM inbox').get();
    this.#messages = numberOf(sums?.['messages']);
    this.#bytes = numberOf(sums?.['bytes']);
  }

  /** @param search everything that can be searched, in lower case. @returns the message's id. */
  add(message: Omit<InboxMessage, 'id'>, search: string): string {
    const body = JSON.stringify(message);
    const bytes = Buffer.byteLength(body) + Buffer.byteLength(search);
    const before = { messages: this.#messages, bytes: this.#bytes };
    try {
      return inTransaction(this.#database, () => {
        const { lastInsertRowid } = this.#database
          .prepare(
            'INSERT INTO inbox (received_ms, channel, status, search, bytes, message) VALUES (?, ?, ?, ?, ?, ?)',
          )
          .run(Date.parse(message.receivedAt), message.channel, message.status, search, bytes, body);
        this.#messages++;
        this.#bytes += bytes;
        this.#makeRoom();
        return String(lastInsertRowid);
      });
    } catch (error) {
      this.#messages = before.messages;
      this.#bytes = before.bytes;
      throw error;
    }
  }

  search(search: InboxSearch): InboxPage {
    const conditions = ['received_ms >= ?'];
    const values: SQLInputValue[] = [search.sinceMs];
    const demand = (condition: string, value: SQLInputValue | undefined) => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    demand('channel = ?', search.channel);
    demand('status = ?', search.status);
    demand('id < ?', search.before);
    for (const word of search.words) demand('instr(search, ?) > 0', word);
    const rows = this.#database
      .prepare(`SELECT id, message FROM inbox WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`)
      .all(...values, search.limit + 1);
    const page = rows.slice(0, search.limit);
    const last = page.at(-1);
    return {
      items: page.map(messageOf),
      nextCursor: rows.length > search.limit && last ? String(last['id']) : null,
      channels: this.#database
        .prepare('SELECT channel, count(*) AS messages FROM inbox GROUP BY channel ORDER BY channel')
        .all()
        .map((row) => ({ name: textFrom(row['channel']), messages: numberOf(row['messages']) })),
    };
  }

  get(id: number): InboxMessage | undefined {
    const row = this.#database.prepare('SELECT id, message FROM inbox WHERE id = ?').get(id);
    return row && messageOf(row);
  }

  #makeRoom(): void {
    while (
      this.#messages > this.#limits.maxMessages ||
      (this.#bytes > this.#limits.maxBytes && this.#messages > 1)
    ) {
      const gone = this.#database
        .prepare('DELETE FROM inbox WHERE id = (SELECT min(id) FROM inbox) RETURNING bytes')
        .get();
      if (!gone) return;
      this.#messages--;
      this.#bytes -= numberOf(gone['bytes']);
    }
  }
}

function messageOf(row: Record<string, unknown>): InboxMessage {
  return { id: String(row['id']), ...JSON.parse(textFrom(row['message'])) };
}
