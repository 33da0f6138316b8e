import type { ErrorRequestHandler, RequestHandler } from 'express';
import { isUnavailable } from '../database/unavailable.ts';
import type { Log } from '../observability.ts';
import { ProblemError } from '../problem-error.ts';
import { sendProblem } from './problem-response.ts';

/** Seconds after which a client may try again: the database is back within a few, or away for longer. */
const RETRY_AFTER_SECONDS = 2;

/** The last handler: every error becomes problem details; only what nobody foresaw is logged as an error. */
export function errorHandler(log: () => Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    // Too late for another answer: Express closes the connection, so that the client sees it is not whole.
    if (response.headersSent) return next(error);
    const problem = toProblem(error);
    if (problem.code === 'internal') log().error('request failed', { error });
    if (problem.code === 'unavailable')
      log().debug('request refused, the database is unavailable', { error });
    sendProblem(response, problem);
  };
}

/** The answer to every path that no route takes. */
export const notFound: RequestHandler = () => {
  throw new ProblemError('not_found', { detail: 'There is nothing under this path' });
};

function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isUnavailable(error)) {
    return new ProblemError('unavailable', {
      detail: 'The database does not answer; try again shortly',
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      cause: error,
    });
  }
  return fromExpress(error) ?? new ProblemError('internal', { cause: error });
}

/** Errors of Express and its body parser, by their documented `type` and `status` (npm: http-errors). */
function fromExpress(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const { status } = error;
  if (status === 413) return new ProblemError('payload_too_large', { cause: error });
  if (status === 415) return new ProblemError('unsupported_media_type', { cause: error });
  if (status < 400 || status > 499) return undefined;
  // A path such as /tasks/%zz, which names nothing.
  if (error instanceof URIError) return new ProblemError('not_found', { cause: error });
  const detail = 'type' in error && error.type === 'entity.parse.failed' ? 'It is not valid JSON' : undefined;
  return new ProblemError('malformed_body', { cause: error, ...(detail === undefined ? {} : { detail }) });
}
