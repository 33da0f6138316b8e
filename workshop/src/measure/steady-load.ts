/**
 * Steady load through web for the lab's own measurements: requests at a fixed rate whatever the answers do, each with
 * an id of its own, so that afterwards every answered one can be looked for in the logs. `make load` is another thing.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { AnsweredRequest } from '@lab/cli';

export interface LoadOptions {
  webUrl: string;
  cookie: string;
  /** Requests per second. */
  rate: number;
}

export interface LoadSummary {
  sent: number;
  /** Requests that got an answer, of whatever status. */
  answered: AnsweredRequest[];
  /** Answers with a status of 500 or more. */
  failed: number;
  /** Requests without an answer: refused, cut off, or too late. */
  unanswered: number;
}

const TIMEOUT_MS = 15_000;
/** One in five writes. */
const WRITE_EVERY = 5;

export class SteadyLoad {
  readonly #options: LoadOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #open = new Set<Promise<void>>();
  readonly #summary: LoadSummary = { sent: 0, answered: [], failed: 0, unanswered: 0 };
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#sendDue(), 10);
  }

  /** Sends no more, and waits for the answers that are still out. */
  async stop(): Promise<LoadSummary> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    this.#agent.destroy();
    return this.#summary;
  }

  #sendDue(): void {
    const due = Math.floor(((performance.now() - this.#began) / 1000) * this.#options.rate);
    while (this.#summary.sent < due) {
      const sending = this.#send(this.#summary.sent++);
      this.#open.add(sending);
      void sending.finally(() => this.#open.delete(sending));
    }
  }

  /** Never rejects: no answer is a result. */
  #send(number: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const write = number % WRITE_EVERY === 0;
    const id = `lab-measure-${randomUUID()}`;
    const body = write ? JSON.stringify({ title: `measured ${number}` }) : undefined;
    const outgoing = request(`${this.#options.webUrl}/api/v1/tasks${write ? '' : '?limit=20'}`, {
      agent: this.#agent,
      method: write ? 'POST' : 'GET',
      headers: {
        cookie: this.#options.cookie,
        'x-request-id': id,
        'x-requested-with': 'taskmanager',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    outgoing.on('error', () => {
      this.#summary.unanswered += 1;
      resolve();
    });
    outgoing.on('response', (response) => {
      response.on('error', () => resolve());
      response.on('close', resolve).on('end', () => {
        this.#summary.answered.push({ id, at: Date.now() });
        if ((response.statusCode ?? 0) >= 500) this.#summary.failed += 1;
      });
      response.resume();
    });
    outgoing.end(body);
    return promise;
  }
}
