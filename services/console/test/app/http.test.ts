import { describe, expect, it } from 'vitest';
import { address, REQUESTED_WITH } from '../../src/app/api/http.ts';
import { REQUESTED_WITH_HEADER, REQUESTED_WITH_VALUE } from '../../src/contract/problem.ts';

describe('address', () => {
  it('leaves out what is undefined or empty and repeats lists', () => {
    expect(address('/api/traces', { service: '', error: undefined, limit: 20, tag: ['a=b', 'c=d e'] })).toBe(
      '/api/traces?limit=20&tag=a%3Db&tag=c%3Dd+e',
    );
  });
});

it('sends the header that the contract asks of state-changing requests', () => {
  expect(REQUESTED_WITH).toEqual({ header: REQUESTED_WITH_HEADER, value: REQUESTED_WITH_VALUE });
});
