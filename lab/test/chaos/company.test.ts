import { describe, expect, test } from 'vitest';
import { Company, Meeting } from '../../src/chaos/run/company.ts';
import { experiment } from './scripted-lab.ts';

const signal = () => new AbortController().signal;
/** Whether a promise has settled after everything that could settle it now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.finally(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('a meeting', () => {
  test('lasts until everybody has come', async () => {
    const meeting = new Meeting(2);
    const first = meeting.come(signal());
    expect(await settled(first)).toBe(false);
    await Promise.all([first, meeting.come(signal())]);
  });

  test('does not wait for who has left', async () => {
    const meeting = new Meeting(3);
    const coming = [meeting.come(signal()), meeting.come(signal())];
    meeting.leave();
    await Promise.all(coming);
  });

  test('of one is over at once', async () => {
    await new Meeting(1).come(signal());
  });

  test('ends with the reason of an abort, for whom it is aborted', async () => {
    const interruption = new AbortController();
    const meeting = new Meeting(2);
    const waiting = meeting.come(interruption.signal);
    interruption.abort(new Error('interrupted by SIGINT'));
    await expect(waiting).rejects.toThrow('interrupted by SIGINT');
    await expect(meeting.come(AbortSignal.abort(new Error('also')))).rejects.toThrow('also');
  });
});

describe('a company', () => {
  const strict = experiment('strict', { users: { errorRatio: 0.001, p95Seconds: 2 }, heals: '1m' });
  const lax = experiment('lax', { users: { errorRatio: 0.2, p95Seconds: 0.5 }, heals: '3m' });

  test('means for one of it what the others allow, and the longest time to heal', () => {
    const company = new Company([strict, lax]);
    expect(company.beside(strict)).toEqual({
      names: ['lax'],
      users: { errorRatio: 0.2, p95Seconds: 0.5 },
      heals: 180_000,
    });
    expect(company.beside(lax)).toMatchObject({
      names: ['strict'],
      users: { errorRatio: 0.001, p95Seconds: 2 },
    });
  });

  test('of one means nothing', () => {
    expect(new Company([strict]).beside(strict)).toBeUndefined();
  });
});
