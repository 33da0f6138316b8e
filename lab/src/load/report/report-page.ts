/** The page of a load report: one file, no scripts, nothing fetched; every text escaped. */
import { type Line, lineChart } from './line-chart.ts';
import { type LoadReport, percent } from './report.ts';

export function reportPage(report: LoadReport): string {
  const { profile, engine, startedAt, seconds, mode, broken, interrupted } = report;
  const held = broken.length === 0;
  const title = `Load test, profile ${profile}, ${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(report.purpose)}: ${seconds} s on engine ${escapeHtml(engine.name)} ${escapeHtml(engine.version)}, ${escapeHtml(mode)} mode${interrupted ? ', interrupted' : ''}.</p>
<p class="${held ? 'kept' : 'broken'}">${held ? 'Every promise held.' : `Broken: ${broken.map(escapeHtml).join('; ')}.`}</p>
${charts(report)}
<h2>Objectives</h2>
${table(
  ['objective', 'promised', 'measured', ''],
  report.objectives.map(({ title: name, promised, measured, kept }) => [
    name,
    percent(promised),
    measured === undefined ? 'nothing to measure' : percent(measured),
    kept ? 'kept' : 'broken',
  ]),
)}
<h2>Requests</h2>
${table(['', ''], numbers(report))}
<h2>By route</h2>
${table(
  ['route', 'sent', 'answers', 'p50', 'p95', 'p99'],
  report.routes.map((route) => [
    route.name,
    route.sent.toLocaleString('en'),
    Object.entries(route.results)
      .map(([result, count]) => `${result}: ${count.toLocaleString('en')}`)
      .join(', '),
    ms(route.p50Seconds),
    ms(route.p95Seconds),
    ms(route.p99Seconds),
  ]),
)}
${breakpoint(report)}
<h2>Slowest requests with a trace</h2>
<ol>${report.slowest
    .map(
      ({ name, seconds: took, result, traceId, url }) =>
        `<li>${ms(took)} ${escapeHtml(name)} (${escapeHtml(result)}): <a href="${escapeHtml(url)}">${escapeHtml(traceId)}</a></li>`,
    )
    .join('')}</ol>
</html>
`;
}

function numbers({ requests, rate, latency, writes, visitor, testId }: LoadReport): string[][] {
  return [
    ['asked / sent', `${requests.asked.toLocaleString('en')} / ${requests.sent.toLocaleString('en')}`],
    ['off the asked rate', `${rate.errorPercent} %${rate.reached ? '' : ' (not reached)'}`],
    ['journeys turned away', String(rate.turnedAway)],
    ['5xx / unanswered', `${requests.serverErrors} / ${requests.unanswered}`],
    ['answered otherwise than expected', String(requests.unexpected)],
    [
      'p50 / p95 / p99 / longest',
      [latency.p50Seconds, latency.p95Seconds, latency.p99Seconds, latency.maxSeconds].map(ms).join(' / '),
    ],
    ['writes acknowledged', `${writes.acknowledged} on ${writes.tasks} tasks`],
    ...(visitor
      ? [
          [
            visitor.kind === 'browser' ? 'walks of the browser' : 'synthetic browser beacons',
            `${visitor.walks}, failed ${visitor.failures}${visitor.reason ? `: ${visitor.reason}` : ''}`,
          ],
        ]
      : []),
    ['testid in Prometheus', testId],
  ];
}

function charts({ timeline }: LoadReport): string {
  const line = (
    name: string,
    colour: string,
    value: (point: LoadReport['timeline'][number]) => number,
  ): Line => ({
    name,
    colour,
    points: timeline.map((point) => [point.second, value(point)] as const),
  });
  return [
    lineChart('Requests a second', '', [
      line('asked', '#888', ({ asked }) => asked),
      line('sent', '#2563eb', ({ sent }) => sent),
    ]),
    lineChart('p95 of answers', ' ms', [line('p95', '#7c3aed', ({ p95Seconds }) => p95Seconds * 1000)]),
    lineChart('5xx and unanswered, a second', '', [line('failed', '#dc2626', ({ failed }) => failed)]),
  ].join('\n');
}

function breakpoint({ breakpoint: found }: LoadReport): string {
  if (!found) return '';
  const steps = found.steps.map(({ rate, holds, detail }) => [
    `${rate}/s`,
    holds ? 'holds' : 'does not',
    detail,
  ]);
  return `<h2>Breakpoint: ${found.rate === undefined ? 'below the first step' : `${found.rate} requests a second`}${found.settled ? '' : ' (the search did not come to its end)'}</h2>
${table(['rate', '', 'measured'], steps)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const header = head.some(Boolean) ? `<thead>${cells(head, 'th')}</thead>` : '';
  return `<table>${header}<tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid #8884; }
.kept { color: #15803d; } .broken { color: #dc2626; font-weight: 600; }
figure { margin: 1.5rem 0; } svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; }`;
