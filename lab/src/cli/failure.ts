/** The ways a command ends badly; anything else that is thrown is a defect of ours and keeps its stack. */
import { ManifestError } from '@lab/manifest';

/** The command could not do its work: exit status 2. The message says what is wrong and what to do next. */
export class CannotRun extends Error {
  override name = 'CannotRun';
}

/** The command did its work, and a promise did not hold: exit status 1. */
export class PromiseBroken extends Error {
  override name = 'PromiseBroken';
}

/** Tells whether the message alone says what to do. */
export function isExpected(error: unknown): error is CannotRun | PromiseBroken | ManifestError {
  return [CannotRun, PromiseBroken, ManifestError].some((type) => error instanceof type);
}

/** Message of anything that can be thrown, with the messages of its causes, on one line each. */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  for (let current = error; current !== undefined; ) {
    if (!(current instanceof Error)) {
      lines.push(String(current));
      break;
    }
    // An AggregateError (a connection refused on each address) has an empty message of its own.
    const nested = current instanceof AggregateError ? current.errors.map(describeError).join('; ') : '';
    const text = current.message || nested || current.name;
    if (!lines.some((line) => line.includes(text))) lines.push(text);
    current = current.cause;
  }
  return lines.join(': ');
}
