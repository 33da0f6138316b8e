import type { z } from 'zod';
import { type FieldError, ProblemError } from '../problem-error.ts';

/** @throws ProblemError `validation`, naming each field that is wrong and why, never with the value received. */
export function validate<T>(schema: z.ZodType<T>, input: unknown, where: 'query' | 'body'): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ProblemError('validation', {
    detail: `The ${where === 'body' ? 'request body' : 'query string'} is not as expected`,
    errors: result.error.issues.flatMap(describe),
  });
}

function describe(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.'), reason: issue.message }];
  // Zod blames the object; the caller looks for the field.
  return issue.keys.slice(0, 10).map((key) => ({
    field: [...path, key.slice(0, 100)].join('.'),
    reason: 'is not known',
  }));
}
