/** A rehearsal as one page: no scripts, nothing fetched, every text escaped. */
import { type Chart, type ChartLane, drawChart, escapeHtml as e } from '../../chaos/report/chart.ts';
import { REPORT_STYLE } from '../../chaos/report/html-report.ts';
import type { Episode, RecordingFacts } from '../../recordings/recording.ts';
import type { Notification } from '../alertmanager/notifications.ts';
import type { Drawn } from '../pictures.ts';
import type { Rehearsal, Rehearsed } from '../rehearse.ts';
import { brokenTextLines, changeLines, summaryLine, unreadLines } from './lines.ts';

/** @param at when it was played, Unix milliseconds. */
export function rehearsalPage(rehearsal: Rehearsal, at: number): string {
  const { recordings } = rehearsal;
  const remarks = [...unreadLines(rehearsal), ...brokenTextLines(rehearsal)];
  const changed = recordings.filter(isChanged);
  const same = recordings.filter((each) => !isChanged(each));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Rehearsal</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<h1>Rehearsal, ${e(new Date(at).toISOString().slice(0, 16).replace('T', ' '))} UTC</h1>
<p>What the rules of the work tree would have done in recorded incidents. <em>Before</em>: what really fired, by the rules of that time;
<em>after</em>: what would fire now.</p>
<p><strong class="${recordings.some(isBroken) ? 'broken' : 'kept'}">${e(summaryLine(rehearsal))}.</strong></p>
${list(remarks, 'other')}
${changed.map((each) => section(each, rehearsal)).join('\n')}
${same.length === 0 ? '' : `<h2>As they were</h2>\n${same.map((each) => folded(each, rehearsal)).join('\n')}`}
</body>
</html>
`;
}

function isBroken({ judged }: Rehearsed): boolean {
  return judged.broken.length > 0;
}

function isChanged(each: Rehearsed): boolean {
  const { changes, messages } = each.judged;
  return isBroken(each) || changes.length + messages.gone.length + messages.added.length > 0;
}

function section(each: Rehearsed, rehearsal: Rehearsal): string {
  const { judged } = each;
  return `<section id="${e(judged.recording)}">
<h2>${e(judged.title)} ${verdict(each)}</h2>
${body(each, rehearsal)}
</section>`;
}

function folded(each: Rehearsed, rehearsal: Rehearsal): string {
  const { judged } = each;
  return `<details id="${e(judged.recording)}"><summary>${e(judged.title)} ${verdict(each)}</summary>
${body(each, rehearsal)}
</details>`;
}

function verdict(each: Rehearsed): string {
  return isBroken(each) ? '<span class="broken">broken</span>' : '<span class="kept">kept</span>';
}

function body(each: Rehearsed, rehearsal: Rehearsal): string {
  const lines = changeLines({ ...rehearsal, recordings: [each] });
  return `<p>Recording <code>${e(each.judged.recording)}</code>, time scale ${each.recording.facts.speed}.</p>
${list(each.judged.broken, 'broken')}
${list(lines, 'other')}
${pictures(each)}`;
}

function list(lines: readonly string[], colour: 'broken' | 'other'): string {
  if (lines.length === 0) return '';
  return `<ul class="${colour}">${lines.map((line) => `<li>${e(line)}</li>`).join('')}</ul>`;
}

function pictures({ recording: { facts }, evaluated, judged, messages }: Rehearsed): string {
  const lanes = judged.alerts.map(({ alert }) => alert);
  const chart = (
    when: 'before' | 'after',
    alert: string | undefined,
    drawn: Drawn | undefined,
    episodes: readonly Episode[],
  ): Chart => ({
    title: alert === undefined ? when : `${alert}, ${when}`,
    from: facts.from,
    to: facts.to,
    series: drawn?.series ?? [],
    threshold: drawn?.threshold,
    ...(drawn?.condition === undefined ? {} : { condition: drawn.condition }),
    lanes: [methodLane(facts), ...lanes.map((each) => alertLane(each, episodes, facts, messages[when]))],
  });
  const shown = evaluated.pictures.length > 0 ? evaluated.pictures : [NOTHING];
  return shown
    .map(
      ({ alert, before, after }) => `<figure><figcaption>${e(alert ?? 'Alerts')}, before</figcaption>
${drawChart(chart('before', alert, before, facts.fired))}
<figcaption>${e(alert ?? 'Alerts')}, after</figcaption>
${drawChart(chart('after', alert, after, evaluated.episodes))}</figure>`,
    )
    .join('\n');
}

/** A recording whose alerts compare nothing, or that promises none, shows the states alone. */
const NOTHING = { alert: undefined, before: undefined, after: undefined };

function methodLane({ marks: { methodFrom, rollbackAt, endedAt }, to }: RecordingFacts): ChartLane {
  const spans =
    methodFrom === undefined
      ? []
      : [{ from: methodFrom, to: rollbackAt ?? endedAt ?? to, state: 'method' as const }];
  return { label: 'method', spans, marks: [] };
}

function alertLane(
  alert: string,
  episodes: readonly Episode[],
  { from, to }: RecordingFacts,
  messages: readonly Notification[],
): ChartLane {
  const own = episodes.filter(
    ({ alert: name, pendingAt, endedAt = to }) => name === alert && pendingAt <= to && endedAt >= from,
  );
  return {
    label: alert,
    spans: own.flatMap(({ pendingAt, firingAt, endedAt = to }) => [
      { from: pendingAt, to: firingAt ?? endedAt, state: 'pending' as const },
      ...(firingAt === undefined ? [] : [{ from: firingAt, to: endedAt, state: 'firing' as const }]),
    ]),
    marks: messages
      .filter(({ alerts, at }) => alerts.includes(alert) && at >= from && at <= to)
      .map(({ at, receiver, status }) => ({ at, text: `${receiver}: ${status}` })),
  };
}
