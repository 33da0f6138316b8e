import { join } from 'node:path';
import { formatDuration, readAlertRules, readRules } from '@lab/prometheus';
import { expect, test } from 'vitest';
import { readExperiments } from '../../src/chaos/experiment/catalogue.ts';

test('experiments count the soonest firing over the windows of the rules', () => {
  const windows = new Map(readAlertRules(readRules()).map((rule) => [rule.name, rule.windows]));
  const { experiments } = readExperiments(join(import.meta.dirname, '../../../loadtests/chaos'));
  for (const { name, alerts } of experiments)
    for (const { alert, needs } of alerts.must)
      if (needs.share)
        expect(windows.get(alert), `${name}: ${alert}`).toContain(formatDuration(needs.share.window));
});
