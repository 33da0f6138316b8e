/** Errors that this server answers itself, in the form the API uses (RFC 9457) so that clients need to know one only. */
import { sendProblem as send } from '@lab/kit';
import type { Request, Response } from 'express';

export const PROBLEMS = {
  invalid: { status: 400, title: 'The request is not valid' },
  forbidden: { status: 403, title: 'The request may come from another site' },
  not_found: { status: 404, title: 'Not found' },
  payload_too_large: { status: 413, title: 'The request body is too large' },
  unsupported_media_type: { status: 415, title: 'The request body must be plain JSON' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  api_failed: { status: 502, title: 'The service broke off its answer' },
  api_unavailable: { status: 503, title: 'The service cannot be reached' },
  api_timeout: { status: 504, title: 'The service does not answer' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

interface ProblemOptions {
  detail?: string;
  retryAfterSeconds?: number;
}

/** Answers with a problem; the request must not have been answered yet. */
export function sendProblem(
  request: Request,
  response: Response,
  code: ProblemCode,
  { detail, retryAfterSeconds }: ProblemOptions = {},
): void {
  const { status, title } = PROBLEMS[code];
  send(
    response,
    { title, status, detail, code, requestId: request.requestId },
    retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
  );
}
