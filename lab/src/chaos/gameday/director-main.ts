/**
 * The detached program behind a game day: makes the trouble that was ordered, keeps the background load going, and undoes it when it is
 * revealed (SIGUSR2), ended (SIGTERM), or when its time is over. Its guardian stands by as in `make chaos`.
 */
import { join } from 'node:path';
import { describeError } from '../../cli/failure.ts';
import { labPaths } from '../../settings/paths.ts';
import { loadSettings } from '../../settings/settings.ts';
import { openRunningStack } from '../../stack/open-stack.ts';
import { conduct } from '../conduct.ts';
import { readExperiments } from '../experiment/catalogue.ts';
import { summarise } from '../report/summary.ts';
import { writeReports } from '../report/write-reports.ts';
import { readOrder, writeOutcome } from './files.ts';

const say = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => interruption.abort(new Error(`ended by ${name}`)));
const revealed = Promise.withResolvers<void>();
process.on('SIGUSR2', () => revealed.resolve());

const paths = labPaths();
const order = await readOrder(paths.run);
if (!order) throw new Error('expected an order in .lab/run/gameday.json');
const { experiments, steadyState } = readExperiments(join(paths.root, 'loadtests', 'chaos'));
const chosen = experiments.filter(({ name }) => name === order.experiment);
setTimeout(() => revealed.resolve(), order.minutes * 60_000).unref();
try {
  const settings = await loadSettings(paths);
  const stack = await openRunningStack(paths, settings);
  const run = await conduct({
    paths,
    settings,
    stack,
    kind: 'gameday',
    experiments: chosen,
    steadyState,
    speed: order.speed,
    patience: 1,
    signal: interruption.signal,
    say,
    hold: revealed.promise,
    holdSeconds: order.minutes * 60,
    discreet: true,
  });
  const [judged] = run.suite.experiments;
  const report = await writeReports(run, summarise(run), {
    paths,
    prometheusUrl: stack.addresses.prometheus,
    kind: 'gameday',
  });
  const methodFrom = judged?.record.methodFrom;
  await writeOutcome(paths.run, {
    experiment: order.experiment,
    startedAt: methodFrom === undefined ? null : new Date(methodFrom).toISOString(),
    endedAt: new Date().toISOString(),
    verdict: judged?.judgement.verdict ?? 'interrupted',
    problem: methodFrom === undefined ? (judged?.judgement.promises[0]?.observed ?? 'it was ended') : null,
    report,
  });
} catch (error) {
  say(describeError(error));
  await writeOutcome(paths.run, {
    experiment: order.experiment,
    startedAt: null,
    endedAt: new Date().toISOString(),
    verdict: 'interrupted',
    problem: describeError(error),
    report: null,
  });
}
process.exit(0);
