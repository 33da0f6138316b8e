/** `lab chaos` on this stack: the experiments of loadtests/chaos that kubernetes mode can run with the parts that are here. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { rememberMode } from '@lab/cli';
import { lastReport } from '../../compose/checks/experiments.ts';
import { labCommand } from '../../compose/lab-command.ts';
import type { Check, Subject } from '../subject.ts';

/** @param wanted `core`, `all`, or names of experiments separated by commas. */
export function experiments({ paths, counts, say, options }: Subject, wanted: string): Check[] {
  const what = ['core', 'all'].includes(wanted) ? ['--suite', wanted] : ['--experiment', wanted];
  const patience = options.patience === undefined ? [] : ['--patience', options.patience];
  return [
    {
      title: `the experiments keep their promises (${wanted})`,
      async run(signal) {
        // What `lab up` would have noted.
        await rememberMode(paths, 'kubernetes');
        const { code, stdout } = await labCommand(['chaos', ...what, ...patience], { signal });
        for (const line of stdout.trimEnd().split('\n')) say(`        ${line}`);
        assert.notEqual(code, 2, '`lab chaos` could not run');
        const { folder, verdicts } = lastReport(join(paths.reports, 'chaos'), 'kubernetes');
        say(`        reports: ${folder}`);
        counts['experiments'] = verdicts.length;
        counts['experiments_kept'] = verdicts.filter(({ verdict }) => verdict === 'kept').length;
        assert.deepEqual(
          verdicts
            .filter(({ verdict }) => verdict !== 'kept')
            .map(({ name, verdict }) => `${name}: ${verdict}`),
          [],
        );
        assert.equal(code, 0);
      },
    },
  ];
}
