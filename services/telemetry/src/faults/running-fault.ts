import type { Fault } from './fault-schema.ts';

/** A fault that is switched on. */
export interface RunningFault {
  readonly fault: Fault;
  readonly expiresAt: string;
  /** A request to its route came in. */
  sawRequest(): void;
  stop(): void;
}

const TICK_MS = 100;
/** A fault with a route acts while requests to that route come in: so long after the last one. */
const ROUTE_LINGER_MS = 1_000;

/** Starts the fault's own activity, if it has any, and its time to live. */
export function startRunning(fault: Fault, expire: () => void): RunningFault {
  let lastRequest = Number.NEGATIVE_INFINITY;
  const acts = () => fault.route === undefined || performance.now() - lastRequest < ROUTE_LINGER_MS;
  const ticker = startTicker(fault, acts);
  const timer = setTimeout(expire, fault.ttlSeconds * 1_000).unref();
  return {
    fault,
    expiresAt: new Date(Date.now() + fault.ttlSeconds * 1_000).toISOString(),
    sawRequest() {
      lastRequest = performance.now();
    },
    stop() {
      clearTimeout(timer);
      ticker?.stop();
    },
  };
}

function startTicker(fault: Fault, acts: () => boolean): { stop(): void } | undefined {
  if (fault.fault === 'event_loop') {
    // In one piece each second: what a heavy synchronous computation looks like. In many: a program that is merely busy.
    const { millisecondsPerSecond, bouts = 1 } = fault;
    const timer = setInterval(
      () => acts() && blockEventLoop(millisecondsPerSecond / bouts),
      1_000 / bouts,
    ).unref();
    return { stop: () => clearInterval(timer) };
  }
  if (fault.fault === 'memory') return leak(fault.megabytesPerSecond, fault.maxMegabytes ?? 256, acts);
  return undefined;
}

/** Holds on to memory as arrays of numbers: they count as heap, as a forgotten cache would. */
function leak(megabytesPerSecond: number, maxMegabytes: number, acts: () => boolean): { stop(): void } {
  const kept: number[][] = [];
  let megabytes = 0;
  const step = (megabytesPerSecond * TICK_MS) / 1_000;
  const timer = setInterval(() => {
    if (!acts() || megabytes + step > maxMegabytes) return;
    // A double that is no small integer takes 8 bytes.
    kept.push(new Array<number>(Math.round((step * 2 ** 20) / 8)).fill(1.5));
    megabytes += step;
  }, TICK_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      kept.length = 0;
    },
  };
}

/**
 * Computes for so many milliseconds of this thread's CPU time, in which nothing else gets a turn. By the clock on the wall a busy
 * machine would let it off: what the scheduler gives to others meanwhile would count as computed.
 */
function blockEventLoop(milliseconds: number): void {
  const began = process.threadCpuUsage();
  const used = () => {
    const { user, system } = process.threadCpuUsage(began);
    return (user + system) / 1_000;
  };
  while (used() < milliseconds);
}
