import { describe, expect, test } from 'vitest';
import {
  readRecording,
  recordingBytes,
  recordingFolder,
  recordingNames,
} from '../../src/recordings/recording.ts';
import { ensurePrometheusProgram } from '../../src/rehearsal/prometheus-program.ts';
import { readSources, rehearse } from '../../src/rehearsal/rehearse.ts';
import { changeLines } from '../../src/rehearsal/report/lines.ts';
import { labPaths } from '../../src/settings/paths.ts';

const paths = labPaths();
const folder = recordingFolder(paths.root);
const names = await recordingNames(folder);
const { signal } = new AbortController();

describe('the committed recordings', () => {
  test('are at most 4 MB', async () => {
    const sizes = await Promise.all(names.map((name) => recordingBytes(folder, name)));
    expect(names.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  test('hold twenty minutes of calm, at the pace of the rules', async () => {
    const { facts } = await readRecording(folder, 'calm');
    expect(facts.must).toEqual([]);
    expect(((facts.to - facts.from) * facts.speed) / 60_000).toBeGreaterThanOrEqual(20);
    const alarms = facts.fired.filter(
      ({ firingAt = 0, alert }) => firingAt >= facts.from && alert !== 'Watchdog',
    );
    expect(alarms).toEqual([]);
  });

  test.each(names)(
    '%s: its own rules do what they did live: each alert, at the same evaluation',
    async (name) => {
      const { rules, alertmanager, facts } = await readRecording(folder, name);
      const rehearsal = await rehearse({
        sources: { ...(await readSources(paths.root)), rules, alertmanager },
        folder,
        names: [name],
        rule: undefined,
        everything: true,
        program: await ensurePrometheusProgram(paths, () => undefined),
        signal,
      });
      expect(changeLines(rehearsal)).toEqual([]);
      const fired = rehearsal.recordings.flatMap(({ judged }) => judged.alerts.filter(({ after }) => after));
      expect(fired.map(({ alert }) => alert)).toEqual(
        expect.arrayContaining(facts.must.map(({ alert }) => alert)),
      );
    },
  );

  test('are kept by the rules of the checkout', async () => {
    const rehearsal = await rehearse({
      sources: await readSources(paths.root),
      folder,
      names,
      rule: undefined,
      everything: false,
      program: await ensurePrometheusProgram(paths, () => undefined),
      signal,
    });
    expect(rehearsal.recordings.flatMap(({ judged }) => judged.broken)).toEqual([]);
  }, 120_000);
});
