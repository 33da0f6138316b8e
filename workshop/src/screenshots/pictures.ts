/** The gallery, in the order in which a person should look at it. */
import type { Mode } from '@lab/cli';
import { AFTERMATH, INCIDENT, OVERVIEW, RULES, TASK_MANAGER } from './console-pictures.ts';
import { FULL_ALERTMANAGER, FULL_DASHBOARDS, FULL_LOGS, FULL_TRACES } from './full-pictures.ts';
import { LITE_DASHBOARDS, LITE_INVESTIGATIONS, LITE_LOGS, LITE_TRACES } from './lite-pictures.ts';
import type { Picture } from './picture.ts';
import { REPORTS } from './report-pictures.ts';

export interface Chapter {
  title: string;
  pictures: readonly Picture[];
}

export function chaptersOf(mode: Mode): readonly Chapter[] {
  const lite = mode === 'lite';
  return [
    { title: 'At a glance', pictures: [OVERVIEW, TASK_MANAGER] },
    { title: 'Dashboards', pictures: lite ? LITE_DASHBOARDS : FULL_DASHBOARDS },
    { title: 'Logs', pictures: lite ? LITE_LOGS : FULL_LOGS },
    { title: 'Traces', pictures: lite ? LITE_TRACES : FULL_TRACES },
    { title: 'Alerts', pictures: [...INCIDENT, ...RULES, ...(lite ? [] : FULL_ALERTMANAGER)] },
    ...(lite ? [{ title: 'Investigations', pictures: LITE_INVESTIGATIONS }] : []),
    { title: 'Proof', pictures: [...AFTERMATH, ...REPORTS] },
  ];
}

export function picturesOf(mode: Mode): readonly Picture[] {
  return chaptersOf(mode).flatMap(({ pictures }) => pictures);
}
