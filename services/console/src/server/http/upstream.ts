/** Calls to Prometheus and Alertmanager: a deadline, a size limit, and errors that say which tool failed and how. */
import { tracedFetch } from '@lab/telemetry';
import { HttpProblem } from './problem.ts';

export interface Upstream {
  /** For messages: `Prometheus`. */
  name: string;
  url: URL;
  timeoutMs: number;
  maxBytes: number;
}

export interface Answer {
  status: number;
  ok: boolean;
  text: string;
}

/**
 * Calls the tool and reads its whole answer, whatever its status.
 * @throws HttpProblem 502 when it cannot be reached or answers too much, 504 when it takes too long.
 */
export async function call(
  upstream: Upstream,
  path: string,
  init: { method?: string; body?: string | URLSearchParams; contentType?: string; signal?: AbortSignal } = {},
): Promise<Answer> {
  const signals = [AbortSignal.timeout(upstream.timeoutMs), ...(init.signal ? [init.signal] : [])];
  try {
    const response = await tracedFetch(join(upstream.url, path), {
      method: init.method ?? 'GET',
      signal: AbortSignal.any(signals),
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...(init.contentType === undefined ? {} : { 'content-type': init.contentType }),
      },
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    return { status: response.status, ok: response.ok, text: await readAll(response, upstream) };
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    throw failure(upstream, error);
  }
}

/** Calls the tool and parses its answer. @throws HttpProblem as `call`, and 502 for a status other than 2xx. */
export async function callJson(upstream: Upstream, path: string, signal?: AbortSignal): Promise<unknown> {
  const { ok, status, text } = await call(upstream, path, signal ? { signal } : {});
  if (!ok) throw new HttpProblem(502, `${upstream.name} answered ${status}: ${messageIn(text)}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HttpProblem(502, `${upstream.name} answered something that is not JSON`, { cause });
  }
}

/** What an error answer of either tool says, or its beginning. */
export function messageIn(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'string') return body;
    if (typeof body === 'object' && body !== null) {
      const { error, message } = body as { error?: unknown; message?: unknown };
      if (typeof error === 'string') return error;
      if (typeof message === 'string') return message;
    }
  } catch {
    // Not JSON: shown as it is.
  }
  return text.trim().slice(0, 300) || 'no message';
}

/** Path below the base URL, which may have a path of its own. */
function join(base: URL, path: string): URL {
  const [pathname = '', search] = path.split('?', 2);
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, '')}${pathname}`;
  url.search = search === undefined ? '' : `?${search}`;
  return url;
}

async function readAll(response: Response, { name, maxBytes }: Upstream): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxBytes) {
      await response.body?.cancel().catch(() => {
        // Locked by this loop, which leaving ends.
      });
      throw new HttpProblem(
        502,
        `${name} answered more than ${Math.round(maxBytes / 1048576)} MiB; ask for less`,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function failure({ name, url, timeoutMs }: Upstream, error: unknown): HttpProblem {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new HttpProblem(504, `${name} at ${url.origin} did not answer within ${timeoutMs / 1000} s`, {
      cause: error,
    });
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason =
    cause instanceof Error
      ? cause.message || ('code' in cause ? String(cause.code) : cause.name)
      : String(cause);
  return new HttpProblem(502, `${name} at ${url.origin} cannot be reached: ${reason}`, { cause: error });
}
