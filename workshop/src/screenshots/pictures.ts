/** The gallery, in the order in which a person should look at it. */
import type { Viewers } from '@lab/cli';
import { AFTERMATH, INCIDENT, OVERVIEW, RULES, TASK_MANAGER } from './console-pictures.ts';
import { FULL_ALERTMANAGER, FULL_DASHBOARDS, FULL_LOGS, FULL_TRACES, TOOLS } from './full-pictures.ts';
import { LITE_DASHBOARDS, LITE_INVESTIGATIONS, LITE_LOGS, LITE_TRACES } from './lite-pictures.ts';
import type { Picture } from './picture.ts';
import { REPORTS } from './report-pictures.ts';

export interface Chapter {
  title: string;
  pictures: readonly Picture[];
}

/** Pictures of each thing, by the part that shows it. A viewer that is not here has none yet. */
const SHOWN: Record<keyof Viewers, Record<string, readonly Picture[]>> = {
  dashboards: { console: LITE_DASHBOARDS, [TOOLS.dashboards]: FULL_DASHBOARDS },
  logs: { console: LITE_LOGS, [TOOLS.logs]: FULL_LOGS },
  traces: { console: LITE_TRACES, [TOOLS.traces]: FULL_TRACES },
  alerts: { [TOOLS.alerts]: FULL_ALERTMANAGER },
};

export function chaptersOf(viewers: Viewers): readonly Chapter[] {
  const of = (thing: keyof Viewers) => SHOWN[thing][viewers[thing]] ?? [];
  // They go from a dashboard to logs to traces, all on the console's pages.
  const { dashboards, logs, traces } = viewers;
  const investigations = [dashboards, logs, traces].every((viewer) => viewer === 'console');
  return [
    { title: 'At a glance', pictures: [OVERVIEW, TASK_MANAGER] },
    { title: 'Dashboards', pictures: of('dashboards') },
    { title: 'Logs', pictures: of('logs') },
    { title: 'Traces', pictures: of('traces') },
    { title: 'Alerts', pictures: [...INCIDENT, ...RULES, ...of('alerts')] },
    ...(investigations ? [{ title: 'Investigations', pictures: LITE_INVESTIGATIONS }] : []),
    { title: 'Proof', pictures: [...AFTERMATH, ...REPORTS] },
  ];
}

export function picturesOf(viewers: Viewers): readonly Picture[] {
  return chaptersOf(viewers).flatMap(({ pictures }) => pictures);
}
