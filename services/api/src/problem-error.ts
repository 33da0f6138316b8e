import { PROBLEMS, type ProblemCode } from './contract/problem.ts';

export interface FieldError {
  /** Dotted path inside body or query, or a header's name; empty: the whole. */
  field: string;
  reason: string;
}

export interface ProblemOptions extends ErrorOptions {
  /** What was expected and received, for the caller to read. Never holds secrets or personal data. */
  detail?: string;
  errors?: readonly FieldError[];
  headers?: Readonly<Record<string, string>>;
}

/** An answer other than success, thrown by any layer; the HTTP edge turns it into problem details. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, { detail, errors, headers = {}, ...options }: ProblemOptions = {}) {
    super(detail ?? PROBLEMS[code].title, options);
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.headers = headers;
  }
}
