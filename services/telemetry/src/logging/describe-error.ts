/** Errors, and whatever else was thrown, read without trusting them: any property may throw. */

/** Longest text made of something thrown, characters. */
const MAX_TEXT = 4_000;

/** What is worth knowing of an error, read without trusting it. */
export function describeError(error: object): {
  type: string;
  message: string;
  stack: string | undefined;
  code: string | undefined;
  cause: string | undefined;
} {
  const text = (name: string): string | undefined => {
    try {
      const value = (error as Record<string, unknown>)[name];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    } catch (reason) {
      return `[unreadable: ${messageOf(reason)}]`;
    }
  };
  return {
    type: text('name') || 'Error',
    message: text('message') || inner(error),
    stack: text('stack'),
    code: text('code'),
    cause: causes(error),
  };
}

/** An AggregateError (a refused connection by two addresses) says nothing itself: its errors do. */
function inner(error: object): string {
  try {
    const { errors } = error as { errors?: unknown };
    return Array.isArray(errors) ? errors.slice(0, 4).map(messageOf).join('; ') : '';
  } catch {
    // Unreadable: then it stays without a message.
    return '';
  }
}

/** The chain of causes, outermost first, as one text. */
function causes(error: object): string | undefined {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < 4; depth += 1) {
    try {
      current = (current as { cause?: unknown }).cause;
    } catch (reason) {
      parts.push(`[unreadable: ${messageOf(reason)}]`);
      break;
    }
    if (current === undefined || current === null) break;
    parts.push(messageOf(current));
    if (typeof current !== 'object') break;
  }
  return parts.length > 0 ? parts.join(' ← ') : undefined;
}

/** True for errors; false, not a throw, for what cannot be asked. */
export function isError(value: unknown): value is object {
  try {
    return value instanceof Error;
  } catch {
    // A proxy whose getPrototypeOf throws: read it as any other object, guarded.
    return false;
  }
}

/** `Name: message` of an error, text of anything else; never throws. */
export function messageOf(reason: unknown): string {
  try {
    if (isError(reason)) {
      const { type, message } = describeError(reason);
      return `${type}: ${message}`;
    }
    return String(reason).slice(0, MAX_TEXT);
  } catch {
    // `String()` of a hostile object throws: nothing can be said of it.
    return '[unreadable]';
  }
}
