/** Requests to the API: headers, trace, time limit, and every failure as an `ApiError` with the request's id. */
import { API_PREFIX, CSRF_HEADER, problemSchema, REQUEST_ID_HEADER } from 'taskmanager-api/contract';
import type { z } from 'zod';
import { randomHex } from '../telemetry/trace-context.ts';
import type { ActiveSpan, Tracer } from '../telemetry/tracer.ts';
import { ApiError } from './api-error.ts';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with parameters filled in and encoded. */
  path: string;
  /** The route's template, which names the span; `path` where it has no parameters. */
  template?: string;
  query?: URLSearchParams;
  body?: unknown;
  /** The entity tag that the change is based on. */
  ifMatch?: string;
  signal?: AbortSignal;
}

export interface ApiClient {
  /** @throws ApiError, or the signal's reason where the caller aborted. */
  fetch<T>(request: ApiRequest, schema: z.ZodType<T>): Promise<T>;
  /** For routes that answer without a body. */
  send(request: ApiRequest): Promise<void>;
}

export interface ApiClientOptions {
  tracer: Tracer;
  /** Called where the API says that there is no session (any more). */
  onUnauthenticated?: () => void;
  /** Milliseconds until a request without an answer is given up. */
  timeout?: number;
  fetch?: typeof fetch;
}

const DEFAULT_TIMEOUT = 20_000;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { tracer, onUnauthenticated, timeout = DEFAULT_TIMEOUT } = options;
  const doFetch = options.fetch ?? ((input, init) => fetch(input, init));

  /** Sends, and reads the whole body: the span and the time limit cover both. */
  async function exchange<T>(request: ApiRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const requestId = randomHex(16);
    const template = API_PREFIX + (request.template ?? request.path);
    const span = tracer.startRequest(`${request.method} ${template}`, {
      'http.request.method': request.method,
      'url.path': API_PREFIX + request.path,
      'url.template': template,
      'http.request.id': requestId,
    });
    const limit = AbortSignal.timeout(timeout);
    try {
      const response = await doFetch(urlOf(request), {
        method: request.method,
        headers: headersOf(request, requestId, span),
        credentials: 'same-origin',
        cache: 'no-store',
        signal: request.signal ? AbortSignal.any([request.signal, limit]) : limit,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
      span.setAttribute('http.response.status_code', response.status);
      if (!response.ok) throw await errorOf(response, requestId);
      const result = await read(response);
      span.end();
      return result;
    } catch (cause) {
      if (request.signal?.aborted) {
        span.end('aborted');
        throw request.signal.reason;
      }
      const error = asApiError(cause, requestId, limit.aborted);
      span.end(String(error.status ?? error.kind));
      if (error.problem?.code === 'unauthenticated') onUnauthenticated?.();
      throw error;
    }
  }

  return {
    fetch: (request, schema) => exchange(request, async (response) => schema.parse(await response.json())),
    send: (request) => exchange(request, async (response) => void (await response.arrayBuffer())),
  };
}

function urlOf({ path, query }: ApiRequest): string {
  const search = query?.toString();
  return `${API_PREFIX}${path}${search ? `?${search}` : ''}`;
}

function headersOf(request: ApiRequest, requestId: string, span: ActiveSpan): Record<string, string> {
  return {
    accept: 'application/json',
    traceparent: span.traceparent,
    [REQUEST_ID_HEADER]: requestId,
    ...(request.method === 'GET' ? {} : { [CSRF_HEADER.name]: CSRF_HEADER.value }),
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(request.ifMatch === undefined ? {} : { 'if-match': request.ifMatch }),
  };
}

async function errorOf(response: Response, sentId: string): Promise<ApiError> {
  const requestId = response.headers.get(REQUEST_ID_HEADER) ?? sentId;
  // A proxy's HTML, or a body cut short: the status alone has to do.
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.partial().safeParse(body);
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError({
    kind: 'answer',
    status: response.status,
    requestId,
    ...(problem.success ? { problem: problem.data } : {}),
    ...(retryAfter >= 0 ? { retryAfterSeconds: retryAfter } : {}),
  });
}

/** `fetch` rejects with a TypeError where there was no answer; anything else came from reading one. */
function asApiError(cause: unknown, requestId: string, timedOut: boolean): ApiError {
  if (cause instanceof ApiError) return cause;
  if (timedOut) return new ApiError({ kind: 'timeout', requestId, cause });
  return new ApiError({ kind: cause instanceof TypeError ? 'network' : 'unexpected', requestId, cause });
}
