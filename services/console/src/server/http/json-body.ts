import express, { type RequestHandler } from 'express';
import { HttpProblem } from './problem.ts';

/** Reads a JSON body of at most that size. 415 for another media type, 413 beyond the size, 400 for what is not JSON. */
export function jsonBody(limit: string): RequestHandler[] {
  return [
    (request, _response, next) => {
      if (!request.is('application/json')) {
        throw new HttpProblem(
          415,
          `expected content-type application/json, received ${request.get('content-type') ?? 'none'}`,
        );
      }
      next();
    },
    express.json({ limit, strict: true }),
  ];
}
