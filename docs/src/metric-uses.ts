/** Where each metric is read, and what the tools say about theirs: from the dashboards' sources, the rules, and what was recorded. */
import {
  DOCUMENTED_METRICS,
  metricUses,
  type RecordedMetric,
  recordedMetrics,
  unusedMetrics,
  usedToolMetrics,
  whyNotRecorded,
} from '@lab/grafana';

/** More names than this say nothing more. */
const MOST_RULES = 4;

const uses = metricUses();

/** A table cell: dashboards by title, then rules by name. */
export function whereUsed(name: string): string {
  const found = uses.get(name);
  if (found === undefined) return unusedMetrics.get(name)?.why ?? '';
  const { dashboards, rules } = found;
  const named = rules.slice(0, MOST_RULES).map((rule) => `\`${rule}\``);
  const more = rules.length - named.length;
  return [dashboards.join(', '), [...named, ...(more > 0 ? [`${more} more rules`] : [])].join(', ')]
    .filter((part) => part !== '')
    .join('; ');
}

interface Chapter {
  title: string;
  lead: string;
  takes(name: string, recorded: RecordedMetric | undefined): boolean;
}

const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Node.js processes',
    lead: 'Exposed by each of the lab’s services. Those at the end are left unused on purpose; the last column says why.',
    takes: (name) => /^(?:nodejs|process)_/.test(name),
  },
  {
    title: 'Postgres',
    lead: 'From postgres-exporter; only series that its versions 0.11 (Debian) and 0.20 (image) both have.',
    takes: (name) => name.startsWith('pg_'),
  },
  {
    title: 'Prometheus, Alertmanager and probes',
    lead: 'The tools’ own, in their own words. Prometheus itself makes `up` and `scrape_*` for every target.',
    takes: (_, recorded) => recorded !== undefined,
  },
  {
    title: 'Load tests',
    lead: 'k6’s own metrics, by remote write while `make load` runs; the lab’s own engine sends the same names.',
    takes: (name) => name.startsWith('k6_'),
  },
  {
    title: 'Full mode only',
    lead: 'From Fluentd, and from the exporters of the profile `host`.',
    takes: (name) => whyNotRecorded(name) === 'full mode',
  },
  {
    title: 'Kubernetes only',
    lead: 'From kube-state-metrics (the cluster’s objects) and from the kubelet. Its cAdvisor has the `container_` metrics above.',
    takes: (name) => whyNotRecorded(name) === 'kubernetes mode',
  },
];

/** The chapters about metrics that are not ours. @throws Error naming one that no chapter takes. */
export function toolChapters(): string[] {
  const recorded = recordedMetrics();
  const left = new Set([...usedToolMetrics(), ...unusedMetrics.keys()]);
  const chapters = CHAPTERS.map(({ title, lead, takes }) => {
    const names = [...left].filter((name) => takes(name, recorded.get(name)));
    for (const name of names) left.delete(name);
    const rows = names.map((name) => row(name, recorded.get(name) ?? DOCUMENTED_METRICS.get(name)));
    return [
      `## ${title}`,
      lead,
      [
        '| Metric | Type | Labels | What it says | Where it is read |',
        '| --- | --- | --- | --- | --- |',
        ...rows,
      ].join('\n'),
    ].join('\n\n');
  });
  if (left.size > 0) throw new Error(`docs/src/metric-uses.ts: no chapter for ${[...left].join(', ')}`);
  return chapters;
}

function row(name: string, recorded: RecordedMetric | undefined): string {
  const { type = '', help = '', labels = [] } = recorded ?? {};
  const named = labels.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${type} | ${named} | ${help.replaceAll('|', '\\|')} | ${whereUsed(name)} |`;
}
