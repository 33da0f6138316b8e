/** An error as the app reports it to the server. */
import { type ErrorKind, MAX_ERROR_MESSAGE, MAX_ERROR_STACK } from '../../shared/intake.ts';
import type { PageTemplate } from '../../shared/pages.ts';

export interface ErrorReport {
  kind: ErrorKind;
  message: string;
  stack?: string;
  route: PageTemplate;
}

/** Builds a report of whatever was thrown: an `Error`, a string, or anything else. Never throws. */
export function describeThrown(kind: ErrorKind, thrown: unknown, route: PageTemplate): ErrorReport {
  const message = messageOf(thrown).slice(0, MAX_ERROR_MESSAGE);
  const stack = thrown instanceof Error ? thrown.stack?.slice(0, MAX_ERROR_STACK) : undefined;
  return stack === undefined ? { kind, message, route } : { kind, message, stack, route };
}

function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    // Some values refuse to become text (`Object.create(null)`); the kind and the route still tell something.
    return 'a value that cannot be shown';
  }
}

/** Lets each distinct error through once, and at most `limit` errors in a page's life: a loop must not flood. */
export function createErrorFilter(limit: number): (report: ErrorReport) => boolean {
  const seen = new Set<string>();
  return ({ kind, message, stack }) => {
    const key = `${kind}\n${message}\n${stack ?? ''}`;
    if (seen.has(key) || seen.size >= limit) return false;
    seen.add(key);
    return true;
  };
}
