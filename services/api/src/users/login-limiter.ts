/**
 * Slows guessing down, per account and address: load from one address on many accounts is not touched, nor can
 * somebody lock an account out from elsewhere. In memory: a second process would double the guesses, which argon2
 * makes slow enough; a limiter in the database would cost every login two writes and fail with it.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from '../problem-error.ts';

export interface LoginLimits {
  /** Wrong passwords in a row before the wait. */
  failures: number;
  /** Logins of any outcome a minute: each costs 20 ms of CPU. */
  perMinute: number;
}

export const LOGIN_LIMITS: LoginLimits = { failures: 10, perMinute: 120 };

/** How long the failures of one account and address are remembered, seconds. */
const FAILURE_WINDOW_SECONDS = 300;

export interface LoginLimiter {
  /** @throws ProblemError `too_many_requests` with Retry-After. */
  admit(email: string, address: string): Promise<void>;
  failed(email: string, address: string): Promise<void>;
  succeeded(email: string, address: string): Promise<void>;
}

export function createLoginLimiter(limits: LoginLimits = LOGIN_LIMITS): LoginLimiter {
  const attempts = new RateLimiterMemory({ points: limits.perMinute, duration: 60 });
  const failures = new RateLimiterMemory({ points: limits.failures, duration: FAILURE_WINDOW_SECONDS });
  return {
    async admit(email, address) {
      const key = keyOf(email, address);
      const failed = await failures.get(key);
      if (failed !== null && failed.consumedPoints >= limits.failures) throw tooMany(failed);
      try {
        await attempts.consume(key);
      } catch (rejection) {
        throw rejection instanceof RateLimiterRes ? tooMany(rejection) : rejection;
      }
    },
    async failed(email, address) {
      await failures.penalty(keyOf(email, address));
    },
    async succeeded(email, address) {
      await failures.delete(keyOf(email, address));
    },
  };
}

function keyOf(email: string, address: string): string {
  return `${address} ${email}`;
}

function tooMany({ msBeforeNext }: RateLimiterRes): ProblemError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new ProblemError('too_many_requests', {
    detail: `Too many attempts on this account from your address; try again in ${seconds} s`,
    headers: { 'retry-after': String(seconds) },
  });
}
