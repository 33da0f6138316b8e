/** A profile from its stages to its report. */
import { readObjectives } from '@lab/prometheus';
import type { Stack } from '../stack/stack.ts';
import type { Engine } from './engine.ts';
import { liveLine } from './live-line.ts';
import type { PooledAccount } from './people.ts';
import type { Plan, Stage } from './profiles.ts';
import { type LoadReport, makeReport } from './report/report.ts';
import { runCourse } from './run-load.ts';
import { startVisitor } from './start-visitor.ts';
import { judgedObjectives } from './verdict.ts';

export interface SetUp {
  stack: Pick<Stack, 'traits' | 'addresses'>;
  engine: Engine;
  accounts: readonly PooledAccount[];
  /** Whether a browser may walk beside. */
  browser: boolean;
  environment: NodeJS.ProcessEnv;
  progress(line: string): void;
  signal: AbortSignal;
}

type StagedPlan = Extract<Plan, { stages: readonly Stage[] }>;

export async function runProfile(setUp: SetUp, plan: StagedPlan): Promise<LoadReport> {
  const { stack, engine, accounts, environment, progress, signal } = setUp;
  const { profile, purpose, stages, traceRatio } = plan;
  const { web: webUrl, console: consoleUrl } = stack.addresses;
  const testId = newTestId(profile);
  const [first] = accounts;
  if (!first) throw new RangeError('expected at least one account');
  progress(`${profile}: ${purpose}; engine ${engine.name} ${engine.version}, testid ${testId}`);
  const { cookie } = first;
  const visitor = await startVisitor({ webUrl, cookie, browser: setUp.browser, environment, progress });
  const line = liveLine(progress);
  try {
    const course = await runCourse({
      webUrl,
      engine,
      stages,
      accounts,
      traceRatio,
      objectives: judgedObjectives(readObjectives()),
      testId,
      progress,
      live: line.show,
      signal,
    });
    const about = {
      profile,
      purpose,
      mode: stack.traits.mode,
      engine: { name: engine.name, version: engine.version },
    };
    return makeReport(course, { ...about, testId, stages, consoleUrl, visitor: visitor.report });
  } finally {
    line.end();
    await visitor.stop();
  }
}

export function newTestId(profile: string): string {
  return `${profile}-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}`;
}
