/** Live tails: sends each new record to every client whose filter it meets, as server-sent events, never faster than it reads. */
import type { Response } from 'express';
import { LOG_LEVELS, type LogRecord } from '../../contract/logs.ts';
import { fieldsOfStored, matches, type Query, recordOf, type TailedLine } from '../../store/index.ts';
import { HttpProblem } from '../http/problem.ts';

export interface TailFilter {
  query: Query;
  levels: string[];
  services: string[];
}

interface Client {
  response: Response;
  filter: TailFilter;
  /** Records that may still be sent in this second. */
  allowance: number;
  dropped: number;
}

const MAX_CLIENTS = 20;
/** More is not read by a person, and would only fill the browser. */
const RECORDS_A_SECOND = 200;
/** A client that reads slower than it is sent to gets no more until it has caught up. */
const MAX_BUFFERED_BYTES = 512 * 1024;
const HEARTBEAT_SECONDS = 15;

export class LogTails {
  readonly #clients = new Set<Client>();
  readonly #setTailing: (on: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #seconds = 0;

  /** @param setTailing has the store report new lines, or no longer. */
  constructor(setTailing: (on: boolean) => void) {
    this.#setTailing = setTailing;
  }

  /** Turns the response into a stream that lasts until the client leaves. @throws HttpProblem 503 when there are too many. */
  open(response: Response, filter: TailFilter): void {
    if (this.#clients.size >= MAX_CLIENTS) {
      throw new HttpProblem(503, `expected at most ${MAX_CLIENTS} live tails at once`, {
        retryAfterSeconds: 10,
      });
    }
    const client: Client = { response, filter, allowance: RECORDS_A_SECOND, dropped: 0 };
    response
      .status(200)
      .set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.flushHeaders();
    response.write(': following\n\n');
    this.#clients.add(client);
    response.once('close', () => this.#left(client));
    if (this.#clients.size === 1) {
      this.#setTailing(true);
      this.#timer = setInterval(() => this.#tick(), 1000);
    }
  }

  /** New lines, oldest first. `omitted` more came that were not even handed over. */
  publish(lines: TailedLine[], omitted: number): void {
    for (const client of this.#clients) client.dropped += omitted;
    for (const line of lines) {
      let event: string | undefined;
      const candidate = {
        fields: fieldsOfStored(line.line, line.defect),
        level: LOG_LEVELS[line.level] ?? 'unknown',
        service: line.service,
      };
      for (const client of this.#clients) {
        if (!accepts(client.filter, candidate)) continue;
        if (client.allowance <= 0 || client.response.writableLength > MAX_BUFFERED_BYTES) {
          client.dropped++;
          continue;
        }
        client.allowance--;
        event ??= `event: record\ndata: ${JSON.stringify(shown(line))}\n\n`;
        client.response.write(event);
      }
    }
  }

  close(): void {
    for (const { response } of this.#clients) response.end();
  }

  #tick(): void {
    this.#seconds++;
    for (const client of this.#clients) {
      client.allowance = RECORDS_A_SECOND;
      if (client.dropped > 0) {
        client.response.write(`event: dropped\ndata: ${JSON.stringify({ count: client.dropped })}\n\n`);
        client.dropped = 0;
      } else if (this.#seconds % HEARTBEAT_SECONDS === 0) client.response.write(': still here\n\n');
    }
  }

  #left(client: Client): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#timer);
    this.#setTailing(false);
  }
}

function accepts({ query, levels, services }: TailFilter, candidate: Parameters<typeof matches>[1]): boolean {
  return (
    (levels.length === 0 || levels.includes(candidate.level)) &&
    (services.length === 0 || services.includes(candidate.service)) &&
    matches(query, candidate)
  );
}

function shown(line: TailedLine): LogRecord {
  return recordOf({ ...line, service: 0 }, new Map([[0, line.service]]));
}
