/** Walks one journey: sends its requests, waits as it says, counts and notes what came of it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, RequestStep, Weighted } from '@lab/loadtests';
import type { AcknowledgedWrites } from './acknowledged-writes.ts';
import type { LoadCounts } from './counts.ts';
import type { PooledAccount } from './people.ts';
import type { Sender } from './sender.ts';

export interface WalkOptions {
  account: PooledAccount;
  sender: Sender;
  counts: LoadCounts;
  writes: AcknowledgedWrites;
  /** Breaks the journey off where it is. */
  signal: AbortSignal;
}

/** Never rejects but for a defect of ours. */
export async function walk({ journey }: Weighted, options: WalkOptions): Promise<void> {
  const { account, signal } = options;
  const steps = journey({ account, random: Math.random });
  let answer: Answer | undefined;
  while (!signal.aborted) {
    const { value: step, done } = steps.next(answer);
    if (done) return;
    if (step.kind === 'request') {
      answer = await send(step, options);
      continue;
    }
    // Broken off: the loop's condition ends it.
    await pause(step.seconds * 1000, undefined, { signal }).catch(() => undefined);
    answer = undefined;
  }
}

async function send(
  step: RequestStep,
  { account, sender, counts, writes, signal }: WalkOptions,
): Promise<Answer> {
  const cookie = step.as === 'account' ? account.cookie : undefined;
  const { result, body, ...measured } = await sender.send(step, { cookie, signal });
  counts.add({ method: step.method, route: step.route, result, expected: step.expect, ...measured });
  if (step.method !== 'GET' && typeof result === 'number' && result < 300) writes.note(account, body);
  return { status: typeof result === 'number' ? result : 0, body };
}
