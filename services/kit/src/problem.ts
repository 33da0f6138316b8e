import type { Response } from 'express';

/** RFC 9457. Further members are extensions; one that is undefined is left out. */
export interface ProblemDetails {
  /** Default `about:blank`: the status says it all. */
  type?: string;
  title: string;
  status: number;
  /** Says what was expected, what was received and what to do. */
  detail?: string | undefined;
  [extension: string]: unknown;
}

/** Answers with problem details. The request must not have been answered yet. */
export function sendProblem(
  response: Response,
  { type = 'about:blank', title, status, ...members }: ProblemDetails,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .status(status)
    .set(headers)
    .set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    .type('application/problem+json')
    .send(JSON.stringify({ type, title, status, ...members }));
}
