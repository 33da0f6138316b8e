/** Writes a run to reports/chaos/<time>/ (or gameday/, which proves nothing): report.json, report.md, report.html. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabPaths } from '../../settings/paths.ts';
import type { ConductedRun } from '../conduct.ts';
import type { Chart } from './chart.ts';
import { chartOf } from './charts.ts';
import { htmlReport } from './html-report.ts';
import { markdownReport } from './markdown-report.ts';
import { proofRows } from './proof-table.ts';
import { reportOf } from './run-report.ts';
import type { RunSummary } from './summary.ts';

/** @returns the folder. */
export async function writeReports(
  run: ConductedRun,
  summary: RunSummary,
  {
    paths,
    prometheusUrl,
    kind = 'chaos',
  }: { paths: LabPaths; prometheusUrl: string; kind?: 'chaos' | 'gameday' },
): Promise<string> {
  const folder = join(paths.reports, kind, run.id);
  await mkdir(folder, { recursive: true });
  const report = reportOf(run, summary);
  const rows = proofRows(run);
  const charts = new Map<string, Chart>();
  for (const judged of run.suite.experiments) {
    const chart = await chartOf(judged, run, prometheusUrl);
    if (chart) charts.set(judged.record.experiment.name, chart);
  }
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'report.md'), markdownReport(report, rows));
  await writeFile(join(folder, 'report.html'), htmlReport(report, rows, charts));
  return folder;
}
