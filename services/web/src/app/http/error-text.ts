/** What a person reads about an error: what happened, what to do, and the id to quote. */
import { ApiError } from './api-error.ts';

export interface ErrorText {
  title: string;
  advice: string;
  requestId?: string;
}

const UNAVAILABLE = new Set([502, 503, 504]);

export function describeError(error: unknown): ErrorText {
  if (!(error instanceof ApiError)) {
    return { title: 'Something went wrong on this page', advice: 'Reload the page and try again.' };
  }
  const { requestId } = error;
  return { ...textOf(error), requestId };
}

function textOf(error: ApiError): Omit<ErrorText, 'requestId'> {
  const { kind, status, problem } = error;
  const retry = retryAdvice(error.retryAfterSeconds);
  if (kind === 'network') {
    return { title: 'The server cannot be reached', advice: 'Check your connection, then try again.' };
  }
  if (kind === 'timeout') return { title: 'The server takes too long to answer', advice: retry };
  if (kind === 'unexpected') {
    return {
      title: 'The server answered with something unexpected',
      advice: 'Reload the page: this app may be older than the server.',
    };
  }
  if (problem?.code === 'unauthenticated') {
    return { title: 'Your session had ended', advice: 'Once you have logged in, try again.' };
  }
  if (status === 429) return { title: 'Too many attempts', advice: retry };
  if (status !== undefined && UNAVAILABLE.has(status)) {
    return { title: 'The service is not available right now', advice: retry };
  }
  if (status !== undefined && status >= 500) {
    return { title: 'Something went wrong on the server', advice: retry };
  }
  return {
    title: problem?.title ?? `The server refused the request (${status})`,
    advice: problem?.detail ?? '',
  };
}

function retryAdvice(seconds: number | undefined): string {
  if (seconds === undefined) return 'Try again in a moment.';
  if (seconds <= 90) return `Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
  return `Try again in ${Math.ceil(seconds / 60)} minutes.`;
}
