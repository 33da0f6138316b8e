/** Makes the Down alert of each part that is scraped: its rule (`rules/parts.yml`) and the tests of the rule (`tests/parts.test.yml`). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, Part } from '@lab/manifest';
import { stringify } from 'yaml';
import { formatDuration, parseDuration } from '../duration.ts';
import { CONSOLE_TEMPLATE, dashboardPath, runbookPath } from '../links.ts';
import { ROOT } from '../repository.ts';
import { GENERATED } from './generated.ts';
import { isSwitched } from './targets.ts';

/** The runbook of a Down alert that has none of its own. */
export const GENERAL_RUNBOOK = 'PartDown';

export interface DownAlert {
  /** The name of the alert, such as ApiDown. */
  name: string;
  job: string;
  part: Part;
  /** True: the part is there in every mode, so to be missing is as bad as to give no answer. */
  always: boolean;
  labels: Record<string, string>;
  summary: string;
  /** Paths on the console. */
  runbook: string;
  dashboard: string;
  keepFiringFor: string | undefined;
}

export function downAlerts({ parts }: Manifest): DownAlert[] {
  return parts.flatMap((part) => {
    const [{ job } = { job: undefined }] = part.scrapes;
    if (!part.down || job === undefined) return [];
    const { severity, summary, dashboard, keep_firing_for: keepFiringFor } = part.down;
    const name = `${part.name.replaceAll(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase())}Down`;
    const hasRunbook = existsSync(join(ROOT, 'docs/runbooks', `${name}.md`));
    const inLite = part.lite?.scraped === true;
    return {
      name,
      job,
      part,
      always: inLite && part.lite?.optional === false && !isSwitched(part),
      labels: { severity, service: part.service, ...(inLite ? {} : { mode: 'full' }) },
      summary,
      runbook: runbookPath(hasRunbook ? name : GENERAL_RUNBOOK),
      dashboard: dashboardPath(dashboard),
      keepFiringFor,
    };
  });
}

/** Returns the text of `prometheus/rules/parts.yml`. */
export function downRulesFile(manifest: Manifest): string {
  const rules = downAlerts(manifest).map(
    ({ name, job, part, always, labels, summary, runbook, dashboard, keepFiringFor }) => {
      const down = `up{job="${job}"} == 0`;
      return {
        alert: name,
        expr: always ? `${down} or absent(up{job="${job}"})` : down,
        for: '1m',
        ...(keepFiringFor === undefined ? {} : { keep_firing_for: keepFiringFor }),
        labels,
        annotations: {
          summary,
          description: describe(part, '{{ with $labels.instance }} at {{ . }}{{ end }}'),
          runbook_url: CONSOLE_TEMPLATE + runbook,
          dashboard_url: CONSOLE_TEMPLATE + dashboard,
        },
      };
    },
  );
  return `${GENERATED}#
# Is every part there? One alert for each part that is scraped, so that each has its own severity, runbook and experiment.
# \`absent\` only where a part is never left out: without it, an instance that vanished from the targets would be forgotten, not missed.
# What full mode alone has carries \`mode: full\`: lite scrapes no such job, so there is no \`up\` to be 0.
# Prometheus cannot report itself: its death is noticed by the console's dead-man's switch (Watchdog).
${stringify({ groups: [{ name: 'parts', rules }] }, { lineWidth: 0 })}`;
}

/** Returns the text of `prometheus/tests/parts.test.yml`: for each alert too early, firing and resolved; calm; vanished. */
export function downTestsFile(manifest: Manifest): string {
  const tests = downAlerts(manifest).flatMap((alert) => [fires(alert), staysCalm(alert), vanishes(alert)]);
  return (
    GENERATED +
    stringify(
      { rule_files: ['../rules/parts.yml'], evaluation_interval: '5s', tests },
      { lineWidth: 0, aliasDuplicateObjects: false },
    )
  );
}

function describe({ title }: Part, at: string): string {
  return `${title}${at} has not answered a scrape for 1m (up is 0 or missing, threshold 1).`;
}

/** Two minutes of failed scrapes between 1m and 2m55s. */
function fires(alert: DownAlert) {
  const { name, keepFiringFor } = alert;
  const kept = parseDuration(keepFiringFor ?? '0s');
  const at = (time: string) => formatDuration(parseDuration(time) + kept);
  const firing = expected(alert, `${alert.part.name}:9000`);
  return {
    name: `${name}: two minutes without an answer: fires after 1m and resolves ${
      keepFiringFor
        ? `${keepFiringFor} after the next answer, so that its message finds the way`
        : 'with the next answer'
    }`,
    interval: '5s',
    input_series: [series(alert, `1x11 0x23 1x${kept / 5000 + (kept > 0 ? 12 : 24)}`)],
    alert_rule_test: [
      { alertname: name, eval_time: '1m55s', exp_alerts: [] },
      { alertname: name, eval_time: '2m10s', exp_alerts: [firing] },
      ...(kept > 0 ? [{ alertname: name, eval_time: at('2m50s'), exp_alerts: [firing] }] : []),
      { alertname: name, eval_time: kept > 0 ? at('3m15s') : '3m5s', exp_alerts: [] },
    ],
  };
}

function staysCalm(alert: DownAlert) {
  const { name } = alert;
  return {
    name: `${name}: 55 s without an answer, or only other parts down: stays silent`,
    interval: '5s',
    input_series: [
      series(alert, '1x11 0x10 1x48'),
      { series: 'up{job="something-else",instance="other:1"}', values: '0x72' },
    ],
    alert_rule_test: [
      { alertname: name, eval_time: '1m55s', exp_alerts: [] },
      { alertname: name, eval_time: '5m', exp_alerts: [] },
    ],
  };
}

function vanishes(alert: DownAlert) {
  const { name, always } = alert;
  return {
    name: `${name}: ${
      always
        ? 'the target has vanished, nothing else to go by: fires all the same'
        : 'the part is not in this lab, or was taken out of it: stays silent'
    }`,
    interval: '5s',
    input_series: [series(alert, '1x11 stale')],
    alert_rule_test: [
      { alertname: name, eval_time: always ? '3m' : '10m', exp_alerts: always ? [expected(alert)] : [] },
    ],
  };
}

function series({ job, part }: DownAlert, values: string) {
  return { series: `up{job="${job}",instance="${part.name}:9000"}`, values };
}

function expected({ job, part, labels, summary, runbook, dashboard }: DownAlert, instance?: string) {
  const at = instance === undefined ? {} : { instance };
  const description = describe(part, instance ? ` at ${instance}` : '');
  return {
    exp_labels: { ...labels, job, ...at },
    // Rule tests have no external labels: of the links their paths are left.
    exp_annotations: { summary, description, runbook_url: runbook, dashboard_url: dashboard },
  };
}
