import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { expect, test } from 'vitest';
import { chaosReport, loadReport } from '../../src/screenshots/life.ts';

async function chaosRun(reports: string, id: string, experiments: number): Promise<void> {
  const folder = join(reports, 'chaos', id);
  await mkdir(folder, { recursive: true });
  const run = { experiments: Array.from({ length: experiments }, () => ({})) };
  await writeFile(join(folder, 'report.json'), JSON.stringify(run));
}

test('of several load reports the newest is shown', async () => {
  await using reports = await temporaryFolder();
  for (const id of ['2026-01-02T00-00-00', '2026-01-10T00-00-00', '2026-01-09T00-00-00'])
    await mkdir(join(reports.path, 'load', id), { recursive: true });
  expect(await loadReport(reports.path)).toBe(
    join(reports.path, 'load', '2026-01-10T00-00-00', 'report.html'),
  );
});

test('of several chaos reports the one with the most experiments is shown, of those the newest', async () => {
  await using reports = await temporaryFolder();
  await chaosRun(reports.path, '2026-01-01', 7);
  await chaosRun(reports.path, '2026-01-02', 7);
  await chaosRun(reports.path, '2026-01-03', 1);
  expect(await chaosReport(reports.path)).toContain('2026-01-02');
});

test('a run that was ended before it wrote its report is passed over', async () => {
  await using reports = await temporaryFolder();
  await chaosRun(reports.path, '2026-01-01', 1);
  await mkdir(join(reports.path, 'chaos', '2026-01-02'), { recursive: true });
  expect(await chaosReport(reports.path)).toContain('2026-01-01');
});

test('where nothing ran there is no report', async () => {
  await using reports = await temporaryFolder();
  expect(await loadReport(reports.path)).toBeUndefined();
  expect(await chaosReport(reports.path)).toBeUndefined();
});
