/** Traffic beside the background load: what strangers, bad releases and broken programs send. Ends with the process that sends it. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Target } from './target.ts';

const TICK_MS = 200;
const TIMEOUT_MS = 5_000;

/** A rate in an experiment's file. */
export const perSecond = z.number().positive().max(500);

/** Sets the background load's rate, as a multiple of the usual one. */
export function setTraffic({ background }: Target, factor: number): void {
  if (background) background.load.rate = background.rate * factor;
}

/** Sends at a steady rate until aborted. What comes of it is the lab's to tell, not ours. */
export function sendSteadily(
  perSecond: number,
  signal: AbortSignal,
  send: (count: number) => Promise<unknown>,
): void {
  const run = async () => {
    const began = performance.now();
    let sent = 0;
    while (!signal.aborted) {
      const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
      // Refused and cut-off requests are what experiments are about.
      if (due > sent) void send(due - sent).catch(() => undefined);
      sent = due;
      // The abort ends the loop.
      await pause(TICK_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  void run();
}

/** Does `one` at a steady rate until aborted, with a way to send a request that does not last. */
export function sendEach(
  perSecond: number,
  signal: AbortSignal,
  one: (request: (url: string, init: RequestInit) => Promise<void>) => Promise<void>,
): void {
  const request = async (url: string, init: RequestInit) => {
    const response = await fetch(url, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
  };
  sendSteadily(perSecond, signal, (count) =>
    Promise.allSettled(Array.from({ length: count }, () => one(request))),
  );
}
