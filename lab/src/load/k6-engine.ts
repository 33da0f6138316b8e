/** k6 as the engine: the binary, or what the driver brings. It is told everything by its environment and answers by lines. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Objective } from '@lab/prometheus';
import { execa } from 'execa';
import { CannotRun } from '../cli/failure.ts';
import type { K6Launch } from '../stack/stack.ts';
import type { Engine, EngineRun, RunOptions } from './engine.ts';
import { FINISH_SECONDS } from './engine.ts';
import { K6Lines } from './k6-lines.ts';
import { k6Plan } from './k6-plan.ts';
import { secondsOf } from './profiles.ts';

/** k6's exit status where a threshold of its own did not hold: a result, not a failure of the run. */
const THRESHOLDS_BROKEN = 99;
/** Starting k6, compiling the script, writing the last samples. */
const SLACK_SECONDS = 60;
const MOST_WORDS = 20;

export function k6Engine(launch: K6Launch, objectives: readonly Objective[]): Engine {
  return {
    name: 'k6',
    version: launch.version,
    start: async (options) => startRun(launch, objectives, options),
  };
}

async function startRun(
  launch: K6Launch,
  objectives: readonly Objective[],
  options: RunOptions,
): Promise<EngineRun> {
  const { stages, testId, progress, signal } = options;
  const variables = {
    LOAD_PLAN: JSON.stringify(k6Plan({ ...options, webUrl: launch.webUrl }, objectives)),
    K6_PROMETHEUS_RW_SERVER_URL: `${launch.prometheusUrl}/api/v1/write`,
    K6_PROMETHEUS_RW_TREND_STATS: 'p(50),p(95),p(99)',
    // Else the last values would stay for five minutes.
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
  };
  const { file, args, cwd } = launch.command(variables);
  const words: string[] = [];
  const lines = new K6Lines({
    ...options,
    other(line) {
      if (words.length < MOST_WORDS) progress(`k6: ${line}`);
      words.push(line);
    },
  });
  const child = execa(file, [...args, ...k6Arguments(testId), launch.script], {
    cwd,
    env: variables,
    reject: false,
    stdin: 'ignore',
    // Counted line by line below: a run's worth of them is not kept.
    buffer: { stdout: false },
    // A group of its own, so that Ctrl-C reaches it once, from here.
    detached: true,
    timeout: (secondsOf(stages) + FINISH_SECONDS + SLACK_SECONDS) * 1000,
  });
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.read(line));
  // The last lines may come after the end of the process.
  const allRead = once(reader, 'close');
  const done = ended(child, words, signal).finally(() => allRead);
  // k6 takes a second or two to read its script and make its people; the run begins when the first of them goes.
  await Promise.race([lines.firstJourney, done]);
  return {
    get arrivals() {
      return lines.arrivals;
    },
    done,
  };
}

export function k6Arguments(testId: string): string[] {
  return [
    'run',
    '--quiet',
    '--no-usage-report',
    '--log-output=stdout',
    '--log-format=raw',
    '--out=experimental-prometheus-rw',
    `--tag=testid=${testId}`,
  ];
}

interface RunningK6
  extends PromiseLike<{
    exitCode?: number | undefined;
    stderr: unknown;
    originalMessage?: string | undefined;
  }> {
  kill(signal: 'SIGINT'): boolean;
}

/** @throws CannotRun with k6's own last words where it ended by itself. */
async function ended(child: RunningK6, words: readonly string[], signal: AbortSignal): Promise<void> {
  // k6 takes SIGINT as: nobody new, finish, say what came of it; the second one as: at once.
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  try {
    const { exitCode, stderr, originalMessage } = await child;
    if (exitCode === 0 || exitCode === THRESHOLDS_BROKEN || signal.aborted) return;
    const last = [...words, ...String(stderr ?? '').split('\n')].filter(Boolean).slice(-5);
    throw new CannotRun([`k6 ended with status ${exitCode ?? originalMessage}`, ...last].join('\n'));
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
