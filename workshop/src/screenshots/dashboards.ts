/** The dashboards of grafana/dashboards, each with what it answers: the same files in both modes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Moment } from './picture.ts';

export interface DashboardPicture {
  uid: string;
  title: string;
  shows: string;
  when: Moment;
  /** Shows the month where it is filled, else the session. */
  month?: boolean;
  /** The least that stat panels have to say. */
  says?: readonly { what: string; panel: string; least: number }[];
}

export const DASHBOARDS: readonly DashboardPicture[] = [
  {
    uid: 'application',
    title: 'Dashboard: application',
    shows:
      'Requests, errors and durations of the API by route, its database operations, sessions, processor and memory. Dots on the durations are exemplars: each leads to its trace.',
    when: 'calm',
  },
  {
    uid: 'on-call',
    title: 'Dashboard: on call, while an alert fires',
    shows: 'What fires, who is affected and where to look next, on one screen, taken while the API fails.',
    when: 'api-errors',
    says: [
      { what: 'a critical alert is counted', panel: 'Critical', least: 1 },
      { what: 'requests fail', panel: 'Failing for users', least: 0.05 },
    ],
  },
  {
    uid: 'slo',
    title: 'Dashboard: objectives and error budget',
    shows:
      'Every objective with what is left of their budgets, and the pace at which they burn over each alert’s windows; after experiments that spent some. Over a month where `make history` has filled one; else over a lab that is minutes old, which has little to spend.',
    when: 'after',
    month: true,
  },
  {
    uid: 'frontend',
    title: 'Dashboard: frontend',
    shows: 'Web Vitals and script errors of real and synthetic browsers, and the server in front of them.',
    when: 'calm',
  },
  {
    uid: 'database',
    title: 'Dashboard: database',
    shows:
      'Postgres from both sides: as the application sees it (pool, operations) and as it sees itself (connections, cache, locks).',
    when: 'calm',
  },
  {
    uid: 'worker',
    title: 'Dashboard: worker and queue',
    shows: 'Jobs by outcome and duration, how many wait and for how long.',
    when: 'calm',
  },
  {
    uid: 'nodejs',
    title: 'Dashboard: Node.js runtime',
    shows: 'Event loop, heap, garbage collection and handles of every service.',
    when: 'calm',
  },
  {
    uid: 'logs',
    title: 'Dashboard: logs',
    shows: 'Records by level and service, errors over time, and how the log pipeline itself is doing.',
    when: 'calm',
  },
  {
    uid: 'load-test',
    title: 'Dashboard: load test',
    shows: 'The load as its sender sees it, beside what the application says of the same minutes.',
    when: 'calm',
  },
  {
    uid: 'experiments',
    title: 'Dashboard: experiments',
    shows: 'Which experiment ran when, which alerts answered, and what users noticed.',
    when: 'after',
  },
  {
    uid: 'lab-health',
    title: 'Dashboard: health of the monitoring itself',
    shows: 'Who watches the watchers: Prometheus, Alertmanager, exporters, probes, log and trace pipelines.',
    when: 'calm',
  },
];

const file = z.object({ panels: z.array(z.object({ type: z.string() })) });

/** Panels that a dashboard shows at first; those in closed rows and the rows themselves do not count. */
export function panelsOf(root: string, uid: string): number {
  const text = readFileSync(join(root, 'grafana', 'dashboards', `${uid}.json`), 'utf8');
  return file.parse(JSON.parse(text)).panels.filter(({ type }) => type !== 'row').length;
}
