/** One kind of error for everything that can go wrong between the app and the API. */
import type { Problem } from 'taskmanager-api/contract';

export type ApiErrorKind =
  /** The API, or the proxy in front of it, answered with an error. */
  | 'answer'
  /** No answer: offline, the server gone, the connection cut. */
  | 'network'
  | 'timeout'
  /** An answer that is not what the contract says. */
  | 'unexpected';

/** What arrived of a problem: nothing of it is taken for granted. */
export type PartialProblem = { [Name in keyof Problem]?: Problem[Name] | undefined };

export interface ApiErrorDetails {
  kind: ApiErrorKind;
  /** What a user can quote: it is in the logs and traces of every service the request reached. */
  requestId: string;
  status?: number;
  problem?: PartialProblem;
  retryAfterSeconds?: number;
  cause?: unknown;
}

export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly requestId: string;
  readonly status: number | undefined;
  readonly problem: PartialProblem | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor({ kind, requestId, status, problem, retryAfterSeconds, cause }: ApiErrorDetails) {
    super(problem?.title ?? `API request failed: ${kind}${status === undefined ? '' : ` ${status}`}`, {
      cause,
    });
    this.name = 'ApiError';
    this.kind = kind;
    this.requestId = requestId;
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** True where the API answered with this status. */
export function hasStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status;
}
