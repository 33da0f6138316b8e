/** Errors as this server answers them (RFC 9457). */
import { sendProblem } from '@lab/kit';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Authorization is needed',
  403: 'The request may come from another site',
  404: 'Not found',
  405: 'The method is not allowed here',
  409: 'The request contradicts an earlier one',
  413: 'The request body is too large',
  415: 'The media type is not supported',
  429: 'Too many requests',
  500: 'Something went wrong here',
  502: 'A tool behind the console cannot be reached',
  503: 'Busy',
  504: 'A tool behind the console does not answer in time',
};

export interface ProblemDetails {
  /** Name of the parameter or body field at fault. */
  parameter?: string | undefined;
  /** Offset in the query at which its syntax went wrong. */
  position?: number | undefined;
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** Ends the request with that status. `detail`: what was expected, what was received, what to do. */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  readonly status: number;
  readonly details: ProblemDetails;

  constructor(status: number, detail: string, details: ProblemDetails = {}) {
    super(detail, { cause: details.cause });
    this.status = status;
    this.details = details;
  }
}

/** Answers a request that nothing took. */
export const notFound: RequestHandler = (request) => {
  throw new HttpProblem(404, `there is no ${request.method} ${request.path}`);
};

/** The last handler: every error becomes a problem; those of our own making are logged, without the details going out. */
export const answerErrors: ErrorRequestHandler = (error, request, response, _next) => {
  const problem = asProblem(error);
  if (problem.status >= 500 && problem.status !== 503) {
    request.log?.error('A request failed', { 'event.action': 'request-failure', error });
  }
  if (response.headersSent) response.destroy();
  else send(request, response, problem);
};

function send(request: Request, response: Response, { status, message, details }: HttpProblem): void {
  const { parameter, position, retryAfterSeconds } = details;
  const { requestId } = request;
  sendProblem(
    response,
    { title: TITLES[status] ?? 'Error', status, detail: message, requestId, parameter, position },
    retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
  );
}

/** Names of errors of the store, which come from other threads, and what they are to a client. */
const BY_NAME: Readonly<Record<string, (error: Error) => HttpProblem>> = {
  QuerySyntaxError: (error) =>
    new HttpProblem(400, error.message, { parameter: 'q', position: positionOf(error) }),
  CursorError: (error) => new HttpProblem(400, error.message, { parameter: 'cursor' }),
  ExperimentConflictError: (error) => new HttpProblem(409, error.message),
  ThreadBusyError: () =>
    new HttpProblem(503, 'too many questions at once; try again', { retryAfterSeconds: 1 }),
  URIError: () => new HttpProblem(400, 'the path holds a % that encodes nothing'),
};

function asProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (!(error instanceof Error)) return new HttpProblem(500, 'see the log', { cause: error });
  const known = BY_NAME[error.name]?.(error);
  if (known) return known;
  // body-parser and express say a status and whether their message may be shown.
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new HttpProblem(status, expose === true ? error.message : 'the request cannot be read');
  }
  return new HttpProblem(500, 'see the log of the console, under this request id', { cause: error });
}

function positionOf(error: Error): number | undefined {
  const { position, details } = error as { position?: unknown; details?: { position?: unknown } };
  const found = position ?? details?.position;
  return typeof found === 'number' ? found : undefined;
}
