/** `workshop measure-load`: measures how closely each engine keeps the asked rate, and the breakpoint; writes docs/figures/load.json. */
import { CannotRun, type Command, loadSettings, openRunningStack } from '@lab/cli';
import {
  chooseEngine,
  judgedObjectives,
  newTestId,
  openPool,
  planOf,
  readProfiles,
  runCourse,
  Sender,
  searchBreakpoint,
} from '@lab/cli/load';
import { readObjectives } from '@lab/prometheus';
import { writeFigures } from '../figures/figures-file.ts';

/** The figure's last name is the one that the issue gave it: what runs where there is no k6 (docs/decisions/load-without-k6.md). */
const ENGINES = [
  ['k6', 'rate_error_percent_k6'],
  ['own', 'rate_error_percent_autocannon'],
] as const;

export const measureLoad: Command = {
  name: 'measure-load',
  summary: 'measure the engines’ rates and the breakpoint, and write docs/figures/load.json',
  options: {
    duration: { kind: 'value', summary: 'of each engine’s run; default 1m' },
    only: { kind: 'value', summary: 'rates or breakpoint' },
  },
  async run({ paths, environment, output, options, signal }) {
    const { progress } = output;
    const { only } = options;
    if (only !== undefined && only !== 'rates' && only !== 'breakpoint')
      throw new CannotRun(`--only ${only}: expected rates or breakpoint`);
    const stack = await openRunningStack(paths, await loadSettings(paths, environment));
    const profiles = readProfiles();
    const { web: webUrl } = stack.addresses;
    const sender = new Sender({ webUrl, timeoutMs: 15_000, traceRatio: 0 });
    const accounts = await openPool(sender, profiles.accounts, signal).finally(() => sender.close());
    const figures: Record<string, number> = {};
    if (only !== 'breakpoint') {
      const duration = typeof options['duration'] === 'string' ? options['duration'] : '1m';
      const plan = planOf(profiles, { profile: 'average', duration });
      if (!('stages' in plan)) throw new Error('expected average to have stages');
      for (const [wish, figure] of ENGINES) {
        const engine = await chooseEngine({ wish, stack, paths, progress });
        const course = await runCourse({
          webUrl,
          engine,
          stages: plan.stages,
          accounts,
          traceRatio: plan.traceRatio,
          objectives: judgedObjectives(readObjectives()),
          testId: newTestId('rates'),
          progress,
          live: () => undefined,
          signal,
        });
        signal.throwIfAborted();
        const { sent, p95Seconds } = course.counts.total;
        progress(
          `${wish}: ${sent} sent, ${course.asked.requests} asked, p95 ${Math.round(p95Seconds * 1000)} ms`,
        );
        figures[figure] = Number(Math.abs(course.rateErrorPercent).toFixed(2));
      }
    }
    if (only !== 'rates') {
      const plan = planOf(profiles, { profile: 'breakpoint' });
      if (!('search' in plan)) throw new Error('expected breakpoint to be a search');
      const engine = await chooseEngine({ wish: undefined, stack, paths, progress });
      const setUp = { stack, engine, accounts, browser: false, environment, progress, signal };
      const { breakpoint } = await searchBreakpoint(setUp, plan);
      if (breakpoint?.rate === undefined) throw new CannotRun('not even the first step held: no figure');
      figures['breakpoint_rps'] = breakpoint.rate;
    }
    const file = await writeFigures(paths.root, 'load', {
      command: 'node workshop/src/main.ts measure-load',
      figures,
    });
    output.result(JSON.stringify(figures, null, 2));
    output.result(file);
  },
};
