/** Sends one request of a journey, once: nothing is repeated, so that what is acknowledged was asked for once. */
import { randomBytes } from 'node:crypto';
import type { RequestStep } from '@lab/loadtests';
import { Agent, type Dispatcher } from 'undici';
import type { NoAnswer } from './counts.ts';

export interface SenderOptions {
  webUrl: string;
  timeoutMs: number;
  /** Share of requests that ask to be traced. */
  traceRatio: number;
}

export interface Reply {
  result: number | NoAnswer;
  body: unknown;
  /** `name=value` of a session cookie that the answer sets. */
  cookie: string | undefined;
  seconds: number;
  /** Bytes of the body. */
  received: number;
  at: number;
  /** Where it asked to be traced. */
  traceId: string | undefined;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #origin: string;
  /** As many connections as there are requests under way: people do not queue behind each other. */
  readonly #agent: Agent;

  constructor(options: SenderOptions) {
    const { timeoutMs } = options;
    this.#options = options;
    this.#origin = new URL(options.webUrl).origin;
    this.#agent = new Agent({
      pipelining: 1,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  /** Never rejects: no answer is a result. */
  async send(
    { method, path, body, headers }: RequestStep,
    { cookie, signal }: { cookie: string | undefined; signal: AbortSignal },
  ): Promise<Reply> {
    const at = Date.now();
    const trace = this.#newTrace();
    const { traceId } = trace;
    const began = performance.now();
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const seconds = () => (performance.now() - began) / 1000;
    try {
      const response = await this.#agent.request({
        origin: this.#origin,
        path,
        method,
        headers: {
          'x-requested-with': 'taskmanager',
          traceparent: trace.header,
          ...(cookie === undefined ? {} : { cookie }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.any([signal, timeout]),
      });
      const text = await response.body.text();
      return {
        result: response.statusCode,
        body: parsed(text, response),
        cookie: cookieOf(response),
        seconds: seconds(),
        received: Buffer.byteLength(text),
        at,
        traceId,
      };
    } catch (error) {
      const result = signal.aborted ? 'aborted' : timeout.aborted ? 'timeout' : reasonOf(error);
      return { result, body: undefined, cookie: undefined, seconds: seconds(), received: 0, at, traceId };
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #newTrace(): { header: string; traceId: string | undefined } {
    const id = randomBytes(24).toString('hex');
    const traceId = id.slice(0, 32);
    const sampled = Math.random() < this.#options.traceRatio;
    return {
      header: `00-${traceId}-${id.slice(32)}-${sampled ? '01' : '00'}`,
      traceId: sampled ? traceId : undefined,
    };
  }
}

/** From undici, Node or the kernel. */
function reasonOf(error: unknown): NoAnswer {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED') return 'refused';
  return String(code).endsWith('_TIMEOUT') ? 'timeout' : 'cut-off';
}

function parsed(text: string, { headers }: Dispatcher.ResponseData): unknown {
  if (!String(headers['content-type']).includes('json')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Cut short, which the journey treats as an answer without a body.
    return undefined;
  }
}

function cookieOf({ headers }: Dispatcher.ResponseData): string | undefined {
  const set = headers['set-cookie'];
  const first = Array.isArray(set) ? set[0] : set;
  return first?.split(';')[0];
}
