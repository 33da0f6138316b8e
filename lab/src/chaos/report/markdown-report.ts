import { PROOF_HEADER } from './proof-table.ts';
import type { RunReport } from './run-report.ts';

/** The report to paste into an issue. */
export function markdownReport(report: RunReport, rows: readonly (readonly string[])[]): string {
  const { summary } = report;
  const row = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  const lines = [
    `# Chaos, ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    '',
    `${report.mode} mode, time scale ${report.speed}. ${summary.promisesKept} of ${summary.promises} promises kept, ${summary.falseAlarms} false alarms.`,
    '',
    row(PROOF_HEADER),
    `|${PROOF_HEADER.map(() => ' --- |').join('')}`,
    ...rows.map(row),
    '',
  ];
  const listed = report.experiments.map(({ name, title, verdict, promises }) => ({
    heading: `${plain(title)} (${name}): ${verdict}`,
    promises,
  }));
  const { afterwards = [] } = report;
  if (afterwards.length > 0) listed.push({ heading: 'Afterwards: the dashboards', promises: afterwards });
  for (const { heading, promises } of listed) {
    lines.push(`## ${heading}`, '');
    for (const { text, kept, expected, observed } of promises)
      lines.push(
        `- ${kept ? 'kept' : '**broken**'}: ${plain(text)}: expected ${plain(expected)}, ${plain(observed)}`,
      );
    lines.push('');
  }
  return `${lines.join('\n')}`;
}

function plain(text: string): string {
  return text.replaceAll(/[\\|<>*_`]/g, (character) => `\\${character}`).replaceAll('\n', ' ');
}
