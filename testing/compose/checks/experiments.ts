/** `lab chaos` on this stack: the experiments of loadtests/chaos that full mode can run with the parts that are here. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rememberMode, runReportSchema } from '@lab/cli';
import { ROOT } from '@lab/manifest';
import { labCommand } from '../lab-command.ts';
import type { Step, Subject } from '../subject.ts';

/** @param wanted `core`, `all`, or names of experiments separated by commas. */
export function experiments(
  { paths, say, options: { patience } }: Subject,
  wanted: string,
  report: (figures: Record<string, number>) => Promise<void>,
): Step[] {
  const what = ['core', 'all'].includes(wanted) ? ['--suite', wanted] : ['--experiment', wanted];
  return [
    {
      title: `the experiments keep their promises (${wanted})`,
      async run(signal) {
        // What `lab up` would have noted.
        mkdirSync(paths.run, { recursive: true, mode: 0o700 });
        await rememberMode(paths, 'full');
        const args = ['chaos', ...what, ...(patience === undefined ? [] : ['--patience', patience])];
        const { code, stdout } = await labCommand(args, { signal });
        for (const line of stdout.trimEnd().split('\n')) say(`        ${line}`);
        assert.notEqual(code, 2, '`lab chaos` could not run');
        const { folder, summary, verdicts } = lastReport(join(paths.reports, 'chaos'));
        const kept = verdicts.filter(({ verdict }) => verdict === 'kept');
        say(`        reports: ${folder}`);
        await report({
          experiments: verdicts.length,
          experiments_kept: kept.length,
          promises: summary.promises,
          promises_kept: summary.promisesKept,
          false_alarms: summary.falseAlarms,
          ...(summary.medianSecondsOverMinimum === null
            ? {}
            : { median_seconds_over_minimum: Number(summary.medianSecondsOverMinimum.toFixed(1)) }),
          alerts_fired: new Set(verdicts.flatMap(({ fired }) => fired)).size,
        });
        assert.deepEqual(
          verdicts
            .filter(({ verdict }) => verdict !== 'kept')
            .map(({ name, verdict }) => `${name}: ${verdict}`),
          [],
        );
        assert.equal(code, 0, summary.broken.join('; '));
      },
    },
  ];
}

/**
 * Returns what `lab chaos` reported last below a folder. Keeps a copy, because the lab's own folder goes with the lab.
 * @param under folder of the copies, in reports/.
 */
export function lastReport(reports: string, under = 'compose') {
  const last = readdirSync(reports).sort().at(-1);
  assert(last, `no report in ${reports}`);
  const folder = join(ROOT, 'reports', under, 'chaos', last);
  cpSync(join(reports, last), folder, { recursive: true });
  const read = runReportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));
  const verdicts = read.experiments.map(({ name, verdict, alerts }) => ({
    name,
    verdict,
    fired: alerts
      .filter((each) => each.expected === 'fire' && each.firedAfterSeconds !== null)
      .map((each) => each.name),
  }));
  return { folder, summary: read.summary, verdicts };
}
