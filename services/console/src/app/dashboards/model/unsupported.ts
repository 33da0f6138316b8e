/** What of a panel the console cannot draw, by name: said in the panel itself, never passed over. */

import type { Panel } from './panel.ts';
import { record, texts } from './read.ts';
import { isReducer } from './reducers.ts';
import { unsupportedTransformations } from './transformations/index.ts';

export const PANEL_TYPES = [
  'timeseries',
  'stat',
  'gauge',
  'bargauge',
  'table',
  'heatmap',
  'state-timeline',
  'text',
] as const;
export type PanelType = (typeof PANEL_TYPES)[number];

export function isDrawn(type: string): type is PanelType {
  return PANEL_TYPES.some((known) => known === type);
}

/** Short sentences about details that are missing although the panel is drawn. */
export function unsupportedDetails(panel: Panel): string[] {
  const found = [...panel.leftOut];
  for (const id of unsupportedTransformations(panel.transformations)) found.push(`transformation “${id}”`);
  for (const { matcher } of panel.fieldConfig.overrides)
    if (!['byName', 'byNames', 'byRegexp', 'byType', 'byFrameRefID'].includes(matcher.id))
      found.push(`overrides chosen ${matcher.id}`);
  const calcs = [
    ...texts(record(panel.options['legend'])['calcs']),
    ...texts(record(panel.options['reduceOptions'])['calcs']),
  ];
  for (const calc of calcs) if (!isReducer(calc)) found.push(`calculation “${calc}”`);
  for (const name of panel.notHonoured) found.push(name);
  return [...new Set(found)];
}
