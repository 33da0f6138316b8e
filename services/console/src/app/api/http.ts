/** The one place that talks to the console's server. Failures are values with a kind, so that pages can say what went wrong. */
import type { Problem } from '../../contract/problem.ts';

/**
 * The contract's constants, written again: importing them would pull the schema library into the first paint.
 * `test/app/http.test.ts` holds them to the contract.
 */
export const REQUESTED_WITH = { header: 'x-requested-with', value: 'lab-console' } as const;

export class ApiError extends Error {
  override name = 'ApiError';
  /** 0 where no answer came at all. */
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(message: string, status: number, problem?: Problem, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.problem = problem;
  }
}

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Path and parameters; undefined and empty ones are left out, lists are repeated. */
export function address(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === '') continue;
    for (const entry of Array.isArray(value) ? value : [value]) query.append(name, String(entry));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'title' in value && 'status' in value;
}

async function readBody(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  return type.includes('json') ? response.json() : response.text();
}

const SECOND_TRY_MS = 250;

/**
 * Reads once more what got no answer at all: a browser drops everything that is under way when a network interface comes or goes
 * (`ERR_NETWORK_CHANGED`), as with every container that starts on this machine. What changes something is never sent twice.
 */
async function fetchPatiently(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted || (init.method ?? 'GET') !== 'GET') throw error;
    await new Promise((resolve) => setTimeout(resolve, SECOND_TRY_MS));
    init.signal?.throwIfAborted();
    return fetch(path, init);
  }
}

async function request(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetchPatiently(path, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError('The console’s server does not answer.', 0, undefined, { cause });
  }
  const body = await readBody(response).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new ApiError(`${path} answered something that is not JSON.`, response.status, undefined, { cause });
  });
  if (response.ok) return body;
  const problem = isProblem(body) ? body : undefined;
  const fallback = prometheusError(body) ?? `${path} answered ${response.status}.`;
  throw new ApiError(problem?.detail ?? problem?.title ?? fallback, response.status, problem);
}

/** Prometheus reports a bad query in a shape of its own, passed through by the server. */
function prometheusError(body: unknown): string | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return typeof error === 'string' ? error : undefined;
}

/** @throws ApiError for everything but a 2xx; aborts are thrown as they come. The type is the contract's word. */
export async function getJson<T>(path: string, signal: AbortSignal, parameters?: Parameters): Promise<T> {
  return (await request(address(path, parameters), {
    signal,
    headers: { accept: 'application/json' },
  })) as T;
}

/** Changes something: carries the header that a foreign page cannot send. @throws ApiError for everything but a 2xx. */
export async function sendJson<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return (await request(path, {
    method,
    headers: {
      [REQUESTED_WITH.header]: REQUESTED_WITH.value,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })) as T;
}
