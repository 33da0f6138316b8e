import type { ManagementRequest } from './stack.ts';

/** Returns how `fetch` makes a request to a management port. @param token of applications of ours, which demand one for faults. */
export function managementInit({ method = 'GET', body }: ManagementRequest, token: string | undefined) {
  return {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  };
}
