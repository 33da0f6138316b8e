/** Traffic beside the background load: what strangers, bad releases and broken programs send. Ends with the process that sends it. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Action } from '../experiment/actions.ts';

export interface Targets {
  web: string;
  otlp: string;
  /** A session of the background load. */
  cookie: string;
}

const TICK_MS = 200;
const TIMEOUT_MS = 5_000;

/** Sends at a steady rate until aborted. What comes of it is the lab's to tell, not ours. */
export function sendSteadily(
  perSecond: number,
  send: (count: number, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): void {
  const run = async () => {
    const began = performance.now();
    let sent = 0;
    while (!signal.aborted) {
      const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
      // Refused and cut-off requests are what experiments are about.
      if (due > sent) void send(due - sent, signal).catch(() => undefined);
      sent = due;
      // The abort ends the loop.
      await pause(TICK_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  void run();
}

export function sendRefused(
  { perSecond, nameLength }: Extract<Action, { do: 'refused-requests' }>,
  { web, cookie }: Targets,
  signal: AbortSignal,
): void {
  const one = async () => {
    const name = randomUUID()
      .repeat(Math.ceil(nameLength / 36))
      .slice(0, nameLength);
    const response = await fetch(`${web}/api/v1/tasks/${name}`, {
      headers: { cookie },
      signal: bounded(signal),
    });
    await response.body?.cancel();
  };
  sendSteadily(perSecond, (count) => Promise.allSettled(Array.from({ length: count }, one)), signal);
}

export function sendBrowserReports(
  { viewsPerSecond, errorsPerView, vitals }: Extract<Action, { do: 'browser-reports' }>,
  { web }: Targets,
  signal: AbortSignal,
): void {
  const post = (path: string, body: unknown) =>
    fetch(`${web}/telemetry/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-synthetic': '1', 'x-requested-with': 'taskmanager' },
      body: JSON.stringify(body),
      signal: bounded(signal),
    }).then((response) => response.body?.cancel());
  // Every page view reports its time to first byte.
  const metrics = Object.entries({ TTFB: 120, ...vitals }).map(([name, value]) => ({
    name,
    value,
    route: '/',
  }));
  const error = { kind: 'error', message: 'injected: undefined is not a function', route: '/' };
  let owed = 0;
  const view = async () => {
    owed += errorsPerView;
    const errors = Math.floor(owed);
    owed -= errors;
    await post('vitals', { metrics });
    if (errors > 0) await post('errors', { errors: Array(errors).fill(error) });
  };
  sendSteadily(viewsPerSecond, (count) => Promise.allSettled(Array.from({ length: count }, view)), signal);
}

export function sendBrokenSpans(perSecond: number, { otlp }: Targets, signal: AbortSignal): void {
  const one = () =>
    fetch(`${otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"resourceSpans":"none"}',
      signal: bounded(signal),
    }).then((response) => response.body?.cancel());
  sendSteadily(perSecond, (count) => Promise.allSettled(Array.from({ length: count }, one)), signal);
}

function bounded(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
}
