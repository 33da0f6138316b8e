/** `lab load`: realistic traffic through web, by a profile of loadtests/profiles.yaml, judged by prometheus/slo.yaml. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, CommandContext } from '../cli/command.ts';
import { CannotRun, describeError, PromiseBroken } from '../cli/failure.ts';
import { chooseEngine } from '../load/choose-engine.ts';
import { LOAD_DOMAIN, openPool, type PooledAccount } from '../load/people.ts';
import { type Plan, planOf, readProfiles } from '../load/profiles.ts';
import { removeLoadData } from '../load/remove-load-data.ts';
import type { LoadReport } from '../load/report/report.ts';
import { summaryOf } from '../load/report/summary.ts';
import { writeReport } from '../load/report/write-report.ts';
import { runProfile } from '../load/run-profile.ts';
import { searchBreakpoint } from '../load/search-breakpoint.ts';
import { Sender } from '../load/sender.ts';
import { databasesOf } from '../settings/databases.ts';
import { loadSettings, type Settings } from '../settings/settings.ts';
import { openRunningStack } from '../stack/open-stack.ts';
import type { Stack } from '../stack/stack.ts';

export const load: Command = {
  name: 'load',
  summary:
    'traffic through web by a profile, judged by the objectives; live numbers, report in reports/load/',
  options: {
    profile: { kind: 'value', summary: 'one of loadtests/profiles.yaml; default average' },
    rate: { kind: 'value', summary: 'requests a second, instead of the profile’s' },
    duration: { kind: 'value', summary: 'such as 90s or 10m, instead of the profile’s' },
    engine: { kind: 'value', summary: 'k6 or own; default k6 where there is one' },
    browser: { kind: 'value', summary: 'off: no browser walks beside, its telemetry is synthetic' },
    clean: { kind: 'flag', summary: 'remove what loads have made, instead of loading' },
  },
  async run(context) {
    const { paths, environment, options, output, signal } = context;
    const text = (name: string) => {
      const value = options[name];
      return typeof value === 'string' ? value : undefined;
    };
    // Wrong words are refused before anything is looked at.
    const [profile, rate, duration] = ['profile', 'rate', 'duration'].map(text);
    const plan = planOf(readProfiles(), { profile, rate, duration });
    const wish = oneOf('ENGINE', text('engine'), ['k6', 'own']);
    const browser = oneOf('BROWSER', text('browser'), ['on', 'off']) !== 'off';
    if (!existsSync(paths.environmentFile)) throw new CannotRun('the lab is not up: run `make up` first');
    const settings = await loadSettings(paths, environment);
    const stack = await openRunningStack(paths, settings);
    if (options['clean']) return await clean(settings, output.result);
    const engine = await chooseEngine({ wish, stack, paths, progress: output.progress });
    const accounts = await openAccounts(stack, plan, context);
    const { progress } = output;
    const setUp = { stack, engine, accounts, browser, environment, progress, signal };
    const report = 'search' in plan ? await searchBreakpoint(setUp, plan) : await runProfile(setUp, plan);
    await finish(report, context);
  },
};

/** Those the journeys share; a person waiting is told, since each costs the service 40 ms of hashing. */
async function openAccounts(
  stack: Stack,
  { accounts }: Plan,
  { signal, output }: CommandContext,
): Promise<readonly PooledAccount[]> {
  const sender = new Sender({ webUrl: stack.addresses.web, timeoutMs: 15_000, traceRatio: 0 });
  output.progress(`making ${accounts} accounts (@${LOAD_DOMAIN}; \`make load CLEAN=1\` removes them)`);
  try {
    return await openPool(sender, accounts, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new CannotRun(`${describeError(error)}: \`make status\` says what is not well`, { cause: error });
  } finally {
    await sender.close();
  }
}

async function clean(settings: Settings, say: (line: string) => void): Promise<void> {
  try {
    const { accounts, tasks } = await removeLoadData(databasesOf(settings).ownerUrl);
    say(
      `removed ${accounts} accounts of @${LOAD_DOMAIN} with ${tasks} tasks, and their sessions, notifications and jobs`,
    );
  } catch (error) {
    throw new CannotRun(`what loads have made could not be removed: ${describeError(error)}`, {
      cause: error,
    });
  }
}

async function finish(report: LoadReport, { paths, output }: CommandContext): Promise<void> {
  const folder = await writeReport(paths.reports, report);
  for (const line of summaryOf(report)) output.result(line);
  output.result(`report: ${join(folder, 'report.html')}`);
  if (report.broken.length > 0) throw new PromiseBroken(report.broken.join('\n'));
}

function oneOf<const Value extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly Value[],
): Value | undefined {
  const found = allowed.find((each) => each === value);
  if (value !== undefined && found === undefined)
    throw new CannotRun(`${name}=${value}: expected ${allowed.join(' or ')}`);
  return found;
}
