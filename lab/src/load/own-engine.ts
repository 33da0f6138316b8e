/** The engine that needs nothing beside the lab: startLoad, led through a profile's stages. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine, EngineRun, RunOptions } from './engine.ts';
import { MOST_AT_ONCE, TIMEOUT_MS } from './engine.ts';
import { rateAt, secondsOf } from './profiles.ts';
import { pushToPrometheus } from './push-metrics.ts';
import { startLoad } from './start-load.ts';

/** @param prometheusUrl where its numbers go, under the names that k6 gives them. */
export function ownEngine(prometheusUrl: string): Engine {
  return {
    name: 'own',
    version: process.version,
    start: async (options) => startRun(prometheusUrl, options),
  };
}

async function startRun(prometheusUrl: string, options: RunOptions): Promise<EngineRun> {
  const { webUrl, stages, accounts, traceRatio, counts, writes, testId, signal, progress } = options;
  // Its own signal: an interruption here means "nobody new", not "drop everything".
  const load = await startLoad({
    webUrl,
    rate: (elapsed) => rateAt(stages, elapsed),
    signal: new AbortController().signal,
    accounts,
    traceRatio,
    counts,
    writes,
    timeoutMs: TIMEOUT_MS,
    mostAtOnce: MOST_AT_ONCE,
  });
  const pushing = pushToPrometheus({ prometheusUrl, testId, load, progress });
  const run = async () => {
    try {
      // Aborted: stop early.
      await pause(secondsOf(stages) * 1000, undefined, { signal }).catch(() => undefined);
      await load.stop();
    } finally {
      await pushing.stop();
    }
  };
  return {
    get arrivals() {
      return load.arrivals;
    },
    done: run(),
  };
}
