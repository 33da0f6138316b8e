import { randomUUID } from 'node:crypto';
import { sendProblem as send } from '@lab/kit';
import type { Response } from 'express';
import { REQUEST_ID_HEADER } from '../contract/http.ts';
import { PROBLEMS } from '../contract/problem.ts';
import type { ProblemError } from '../problem-error.ts';

/** Answers with RFC 9457 problem details that carry the request's id. */
export function sendProblem(response: Response, error: ProblemError): void {
  const { status, title } = PROBLEMS[error.code];
  const { code, detail, errors, headers } = error;
  const type = `urn:taskmanager:problem:${code}`;
  send(response, { type, title, status, detail, code, requestId: requestIdOf(response), errors }, headers);
}

/** Telemetry sets the header ahead of us; where there is none (the bare variant of the benchmark) we do. */
function requestIdOf(response: Response): string {
  const given = response.getHeader(REQUEST_ID_HEADER);
  if (typeof given === 'string') return given;
  const made = randomUUID();
  response.setHeader(REQUEST_ID_HEADER, made);
  return made;
}
