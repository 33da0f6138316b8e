/**
 * Load as a part of other work: `make load` without k6, and the background of `make chaos`. People arrive at a rate of
 * their own, however slow the answers are (open model), and walk the journeys of loadtests/journeys through web.
 *
 * ```ts
 * const load = await startLoad({ webUrl, rate: 20, signal });   // accounts are made, people arrive from now on
 * load.rate = 60;                                               // more of them
 * load.counts.total                                             // live: sent, answered, serverErrors, unanswered …
 * load.counts.between(fromMs, toMs)                             // what users noticed meanwhile: errorRatio, p95Seconds …
 * const summary = await load.stop();                            // nobody new; those on their way finish (5 s at most)
 * const { lost } = await readBackWrites(load.writes, { webUrl, signal });   // every acknowledged write, read anew
 * ```
 */
import { setTimeout as pause } from 'node:timers/promises';
import { dealer, JOURNEYS, requestsPerJourney, type Weighted } from '@lab/loadtests';
import { AcknowledgedWrites } from './acknowledged-writes.ts';
import { type ArrivalReport, Arrivals, type Rate } from './arrivals.ts';
import { LoadCounts } from './counts.ts';
import { openPool, type PooledAccount } from './people.ts';
import { Sender } from './sender.ts';
import { walk } from './walk.ts';

export interface LoadOptions {
  /** Where everything enters, such as http://127.0.0.1:8080. */
  webUrl: string;
  /** Requests a second: a number, or a function of the seconds since the start. */
  rate: Rate;
  /** Ends the load at once, without waiting for answers. */
  signal: AbortSignal;
  /** Accounts that share the journeys, each with one session: how many are to be made, or those there are. Default 20. */
  accounts?: number | readonly PooledAccount[];
  /** Default: all journeys in their usual mix. */
  journeys?: readonly Weighted[];
  /** Share of requests whose trace is asked for (`traceparent` with the sampled flag). Default 0.1. */
  traceRatio?: number;
  /** After which a request counts as unanswered, ms. Default 15,000. */
  timeoutMs?: number;
  /** Journeys under way at once; those who come when it is full are turned away and counted. Default 2,000. */
  mostAtOnce?: number;
  /** Where to count and note, to go on with what an earlier load began. Default: new ones. */
  counts?: LoadCounts;
  writes?: AcknowledgedWrites;
}

export interface LoadSummary extends ArrivalReport {
  /** From the first arrival due to the last, seconds. */
  seconds: number;
  counts: LoadCounts;
  writes: AcknowledgedWrites;
}

export interface Load {
  /** Live. */
  readonly counts: LoadCounts;
  /** Live: each task's last acknowledged state. */
  readonly writes: AcknowledgedWrites;
  /** Live: journeys due, begun, turned away, under way, and how late they began. */
  readonly arrivals: ArrivalReport;
  readonly accounts: readonly PooledAccount[];
  /** Requests a second from now on. */
  set rate(rate: Rate);
  /** Nobody new arrives; those on their way may finish, for 5 s. Calling again returns the same. */
  stop(): Promise<LoadSummary>;
}

const DEFAULTS = { accounts: 20, traceRatio: 0.1, timeoutMs: 15_000, mostAtOnce: 2_000 };
const FINISH_MS = 5_000;

/**
 * Makes the accounts, then lets people arrive.
 * @throws Error saying which step of making the accounts was answered how (a stack that is not up, for one).
 */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { webUrl, signal, journeys = JOURNEYS } = options;
  const settings = { ...DEFAULTS, ...withoutUndefined(options) };
  const sender = new Sender({ webUrl, timeoutMs: settings.timeoutMs, traceRatio: settings.traceRatio });
  const pool = await peopleFor(settings.accounts, sender, signal);
  const counts = options.counts ?? new LoadCounts();
  const writes = options.writes ?? new AcknowledgedWrites();
  const deal = dealer(journeys);
  const perJourney = requestsPerJourney(journeys);
  const toJourneys = (rate: Rate): Rate =>
    typeof rate === 'number' ? rate / perJourney : (seconds) => rate(seconds) / perJourney;
  const interruption = new AbortController();
  const begin = (index: number) => {
    const account = pool[index % pool.length];
    if (!account) throw new Error('expected an account in the pool');
    return walk(deal(index), { account, sender, counts, writes, signal: interruption.signal });
  };
  const arrivals = new Arrivals({ rate: toJourneys(options.rate), mostAtOnce: settings.mostAtOnce, begin });

  let stopped: Promise<LoadSummary> | undefined;
  const end = async (): Promise<LoadSummary> => {
    signal.removeEventListener('abort', abort);
    const seconds = arrivals.stop();
    await Promise.race([arrivals.settled(), aborted(signal, pause(FINISH_MS, undefined, { ref: false }))]);
    interruption.abort();
    await arrivals.settled();
    await sender.close();
    return { ...arrivals.report(), seconds, counts, writes };
  };
  const stop = () => {
    stopped ??= end();
    return stopped;
  };
  const abort = () => void stop();
  if (signal.aborted) {
    await stop();
    signal.throwIfAborted();
  }
  signal.addEventListener('abort', abort, { once: true });
  return {
    counts,
    writes,
    accounts: pool,
    get arrivals() {
      return arrivals.report();
    },
    set rate(rate: Rate) {
      arrivals.rate = toJourneys(rate);
    },
    stop,
  };
}

async function peopleFor(
  accounts: number | readonly PooledAccount[],
  sender: Sender,
  signal: AbortSignal,
): Promise<readonly PooledAccount[]> {
  if (typeof accounts !== 'number') return accounts;
  try {
    return await openPool(sender, accounts, signal);
  } catch (error) {
    await sender.close();
    throw error;
  }
}

/** Resolves with `other` or on abort. */
function aborted(signal: AbortSignal, other: Promise<unknown>): Promise<unknown> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<unknown>();
  signal.addEventListener('abort', resolve, { once: true });
  return Promise.race([promise, other]).finally(() => signal.removeEventListener('abort', resolve));
}

function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
