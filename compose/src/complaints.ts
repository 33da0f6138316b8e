/** Turns what zod finds into lines that begin with the path of the value. */
import type { z } from 'zod';

/** @param at path of the value that was checked, such as `services.api.x-lab`. */
export function complaintsOf(error: z.ZodError, at: string, value: unknown): string[] {
  return error.issues.flatMap((issue) => complain(issue, at, value));
}

function complain(issue: z.core.$ZodIssue, at: string, value: unknown): string[] {
  const path = [at, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${path}.${key}: expected no such key (compose/README.md lists them)`);
  // A value may have several forms: the complaint is about the one that came closest.
  if (issue.code === 'invalid_union') {
    const closest = [...issue.errors].sort((one, other) => one.length - other.length)[0];
    if (closest && closest.length > 0)
      return closest.flatMap((each) => complain({ ...each, path: [...issue.path, ...each.path] }, at, value));
  }
  const got = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const received =
    issue.code === 'custom' ? '' : `, got ${got === undefined ? 'nothing' : JSON.stringify(got)}`;
  return [`${path}: ${issue.message}${received}`];
}
