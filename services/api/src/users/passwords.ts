import { hash, verify } from '@node-rs/argon2';
import { ProblemError } from '../problem-error.ts';

export interface Passwords {
  /** PHC string, argon2id. */
  hash(password: string): Promise<string>;
  /** Without a hash (no such account) it takes as long and answers false. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}

/** OWASP's first recommendation (Password Storage Cheat Sheet): 19 MiB, 2 passes; about 20 ms here. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashing runs on libuv's four threads, which file logging needs too; two stay free for it. Those who wait longer
 * than a hundred hashes (about a second) take are sent away.
 */
const AT_ONCE = 2;
const MAX_WAITING = 100;

export function createPasswords({ maxWaiting = MAX_WAITING } = {}): Passwords {
  const limited = limitConcurrency(AT_ONCE, maxWaiting);
  // Of no account; what an unknown e-mail's password is compared with.
  const decoy = limited(() => hash('not the password of anybody', OPTIONS));
  decoy.catch(() => {
    // Whoever awaits it below gets the error.
  });
  return {
    hash: (password) => limited(() => hash(password, OPTIONS)),
    verify: async (passwordHash, password) => {
      const against = passwordHash ?? (await decoy);
      const matches = await limited(() => verify(against, password));
      return matches && passwordHash !== undefined;
    },
  };
}

function limitConcurrency(atOnce: number, maxWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < atOnce) running += 1;
    else {
      if (waiting.length >= maxWaiting) {
        throw new ProblemError('unavailable', {
          detail: 'Too many people are logging in at this moment; try again shortly',
          headers: { 'retry-after': '1' },
        });
      }
      // Whoever ends hands its place over, so `running` stays.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
