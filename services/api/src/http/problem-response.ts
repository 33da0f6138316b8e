import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { REQUEST_ID_HEADER } from '../contract/http.ts';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type Problem } from '../contract/problem.ts';
import type { ProblemError } from '../problem-error.ts';

/** Answers with RFC 9457 problem details that carry the request's id. */
export function sendProblem(response: Response, error: ProblemError): void {
  const { status, title } = PROBLEMS[error.code];
  const problem: Problem = {
    type: `urn:taskmanager:problem:${error.code}`,
    title,
    status,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    code: error.code,
    requestId: requestIdOf(response),
    ...(error.errors === undefined ? {} : { errors: [...error.errors] }),
  };
  response.status(status).set(error.headers).set('cache-control', 'no-store');
  response.type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
}

/** Telemetry sets the header ahead of us; where there is none (the bare variant of the benchmark) we do. */
function requestIdOf(response: Response): string {
  const given = response.getHeader(REQUEST_ID_HEADER);
  if (typeof given === 'string') return given;
  const made = randomUUID();
  response.setHeader(REQUEST_ID_HEADER, made);
  return made;
}
