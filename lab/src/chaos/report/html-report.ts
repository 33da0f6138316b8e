/** The report as one page: no scripts, nothing fetched, every text escaped. */
import type { JudgedPromise } from 'lab-console/contract/experiments';
import { type Chart, drawChart, escapeHtml as e } from './chart.ts';
import { PROOF_HEADER } from './proof-table.ts';
import type { ReportedExperiment, RunReport } from './run-report.ts';

/** Light and dark, wide and narrow; for every page of this lab that is a file. */
export const REPORT_STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1f24; background: #fff; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; } th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #d8dee4; }
.scroll { overflow-x: auto; } li { overflow-wrap: anywhere; } .kept { color: #116329; } .broken { color: #a40e26; font-weight: 600; } .other { color: #7d4e00; }
svg { width: 100%; height: auto; } .axis, .lane { font-size: 11px; fill: #57606a; } .base { stroke: #8c959f; }
.signal { fill: none; stroke: #0969da; stroke-width: 1.6; } .threshold, .bound { fill: none; stroke: #a40e26; stroke-dasharray: 5 4; } .shade { fill: #ddd; opacity: .35; }
.method { fill: #8c959f; } .pending { fill: #eac54f; } .firing { fill: #cf222e; } .mark { fill: #1a7f37; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } th, td { border-color: #30363d; } .axis, .lane { fill: #9198a1; }
.kept { color: #56d364; } .broken { color: #ff7b72; } .other { color: #e3b341; } .shade { fill: #555; } .signal { stroke: #58a6ff; } .threshold, .bound { stroke: #ff7b72; } }
`;

export function htmlReport(
  report: RunReport,
  rows: readonly (readonly string[])[],
  charts: ReadonlyMap<string, Chart>,
): string {
  const { summary } = report;
  const cells = (row: readonly string[], tag: 'td' | 'th') =>
    row.map((cell) => `<${tag}>${e(cell)}</${tag}>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Chaos ${e(report.startedAt)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<h1>Chaos, ${e(report.startedAt.slice(0, 16).replace('T', ' '))} UTC</h1>
<p>${e(report.mode)} mode, time scale ${report.speed}, ${report.rate} requests a second in the background.
<strong class="${summary.promisesKept === summary.promises ? 'kept' : 'broken'}">${summary.promisesKept} of ${summary.promises} promises kept</strong>,
${summary.falseAlarms} false alarms${summary.medianSecondsOverMinimum === null ? '' : `; alerts fire ${summary.medianSecondsOverMinimum.toFixed(1)} s beyond the minimum (median)`}.</p>
${summary.broken.length > 0 ? `<ul class="broken">${summary.broken.map((line) => `<li>${e(line)}</li>`).join('')}</ul>` : ''}
<h2>Proof</h2>
<p>Seconds. <em>minimum</em>: the soonest that the rule can fire (window × threshold ÷ injected ratio, one scrape, one evaluation, <code>for</code>);
<em>resolved</em> counts from the rollback. A 30-day error budget at this time scale is what <em>budget spent</em> is a share of.</p>
<div class="scroll"><table><thead><tr>${cells(PROOF_HEADER, 'th')}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}</tbody></table></div>
${report.experiments.map((each) => section(each, charts.get(each.name))).join('\n')}
${afterwards(report)}
</body>
</html>
`;
}

function section(experiment: ReportedExperiment, chart: Chart | undefined): string {
  const { name, title, story, verdict, method, rollbacks, promises, timeline } = experiment;
  const list = (items: readonly string[]) => (items.length > 0 ? items.map(e).join('; ') : 'nothing');
  const colour = verdict === 'kept' || verdict === 'broken' ? verdict : 'other';
  const start = timeline[0]?.at;
  const after = (at: string) =>
    start === undefined ? '' : `${((Date.parse(at) - Date.parse(start)) / 1000).toFixed(1)} s`;
  return `<section id="${e(name)}">
<h2>${e(title)} <span class="${colour}">${e(verdict)}</span></h2>
<p>${e(story)}</p>
<p><strong>Method</strong> ${list(method)}. <strong>Rollbacks</strong> ${list(rollbacks)}.</p>
${chart ? drawChart(chart) : '<p>It was not begun.</p>'}
${table(promises)}
<details><summary>Timeline</summary><ol>${timeline.map(({ at, text }) => `<li>${e(after(at))} ${e(text)}</li>`).join('')}</ol></details>
</section>`;
}

function table(promises: readonly JudgedPromise[]): string {
  return `<div class="scroll"><table><thead><tr><th>promise</th><th>expected</th><th>observed</th><th></th></tr></thead><tbody>
${promises.map((each) => `<tr><td>${e(each.text)}</td><td>${e(each.expected)}</td><td>${e(each.observed)}</td><td class="${each.kept ? 'kept' : 'broken'}">${each.kept ? 'kept' : 'broken'}</td></tr>`).join('\n')}
</tbody></table></div>`;
}

function afterwards({ afterwards: promises = [] }: RunReport): string {
  if (promises.length === 0) return '';
  return `<section>
<h2>Afterwards: the dashboards</h2>
<p>After the last experiment, every query of every dashboard, rule and runbook, with what shows only a past.</p>
${table(promises)}
</section>`;
}
