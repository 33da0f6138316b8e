/** The accounts that the journeys share. Each is made for this run, with one session, and marked as made by load. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Account, furnish, logIn, type RequestStep } from '@lab/loadtests';
import type { Reply, Sender } from './sender.ts';

/** Marks what load made, so that it can be told apart and removed. The domain can never receive mail (RFC 2606). */
export const LOAD_DOMAIN = 'load.invalid';

export interface PooledAccount extends Account {
  /** `name=value` of its session. */
  cookie: string;
}

const ATTEMPTS = 5;

/** @throws Error saying which step was answered how. */
export async function openPool(
  sender: Sender,
  size: number,
  signal: AbortSignal,
): Promise<readonly PooledAccount[]> {
  const run = randomBytes(4).toString('hex');
  // Hashing a password takes 20 ms of processor: a few at once, as the service does.
  const pool: PooledAccount[] = [];
  for (let from = 0; from < size; from += 4) {
    const numbers = Array.from({ length: Math.min(4, size - from) }, (_, index) => from + index);
    pool.push(
      ...(await Promise.all(
        numbers.map((number) => openAccount(sender, `load-${run}-${number}@${LOAD_DOMAIN}`, signal)),
      )),
    );
  }
  return pool;
}

async function openAccount(sender: Sender, email: string, signal: AbortSignal): Promise<PooledAccount> {
  const password = randomUUID();
  const path = '/api/v1/users';
  const registration: RequestStep = {
    kind: 'request',
    method: 'POST',
    path,
    route: path,
    body: { email, password, displayName: 'Load' },
    as: 'nobody',
    expect: 201,
  };
  await insist(sender, registration, undefined, signal);
  const { cookie } = await insist(sender, logIn(email, password, 200), undefined, signal);
  if (cookie === undefined) throw new Error('expected a session cookie from POST /api/v1/users/login');
  const furnishing = furnish({ account: { email, password }, random: Math.random });
  for (let step = furnishing.next(); !step.done; step = furnishing.next()) {
    if (step.value.kind === 'request') await insist(sender, step.value, cookie, signal);
  }
  return { email, password, cookie };
}

/** Sets up, so it has a little patience: a service that just starts, or a hiccup, answers 503. */
async function insist(
  sender: Sender,
  step: RequestStep,
  cookie: string | undefined,
  signal: AbortSignal,
): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await sender.send(step, { cookie, signal });
    if (reply.result === step.expect) return reply;
    signal.throwIfAborted();
    // Registered by an attempt whose answer was lost.
    if (step.expect === 201 && reply.result === 409) return reply;
    if (attempt === ATTEMPTS)
      throw new Error(
        `making the accounts for the load: expected ${step.expect} from ${step.method} ${step.path}, got ${reply.result}`,
      );
    await pause(200 * attempt, undefined, { signal });
  }
}
