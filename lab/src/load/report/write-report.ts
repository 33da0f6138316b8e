/** A load's report as files: `report.json` for programs, `report.html` for people. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadReport } from './report.ts';
import { reportPage } from './report-page.ts';

/** @returns the folder that holds both files. */
export async function writeReport(reports: string, report: LoadReport): Promise<string> {
  const folder = join(reports, 'load', report.startedAt.replace(/[:.]/g, '-'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'report.html'), reportPage(report));
  return folder;
}
