import { isSameOrigin } from '@lab/kit';
import type { RequestHandler } from 'express';
import { REQUESTED_WITH_HEADER, REQUESTED_WITH_VALUE } from '../../contract/problem.ts';
import { HttpProblem } from './problem.ts';

/** Takes a change only from our own pages: they can send the header, foreign ones cannot. */
export const fromOwnPages: RequestHandler = (request, _response, next) => {
  if (request.get(REQUESTED_WITH_HEADER) !== REQUESTED_WITH_VALUE) {
    throw new HttpProblem(403, `expected the header ${REQUESTED_WITH_HEADER}: ${REQUESTED_WITH_VALUE}`);
  }
  if (!isSameOrigin(request.headers, request.get('host')))
    throw new HttpProblem(403, 'expected a request of the same origin');
  next();
};

/** Takes a webhook only from programs: a browser's request names its origin or site. */
export const fromPrograms: RequestHandler = (request, _response, next) => {
  if (request.get('origin') !== undefined || request.get('sec-fetch-site') !== undefined) {
    throw new HttpProblem(403, 'expected a webhook from a program, received one from a browser');
  }
  next();
};
