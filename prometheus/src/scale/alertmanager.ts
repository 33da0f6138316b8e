import { isMap, type YAMLMap } from 'yaml';
import { checkFactor, mapsIn, readDocument, rootMap, scaleKey, writeDocument } from './document.ts';

/**
 * An `alertmanager.yml` for time that runs `factor` times faster: the waits of every route, and how long an alert lives without news.
 * Times of day (`time_intervals`) and everything about receivers stay.
 */
export function scaleAlertmanager(text: string, factor: number): string {
  checkFactor(factor);
  if (factor === 1) return text;
  const document = readDocument(text);
  const root = rootMap(document, 'an Alertmanager configuration');
  const global = root.get('global');
  if (isMap(global)) scaleKey(global, 'resolve_timeout', factor);
  const route = root.get('route');
  if (!isMap(route)) throw new Error('expected a route in the Alertmanager configuration');
  scaleRoute(route, factor);
  return writeDocument(document);
}

function scaleRoute(route: YAMLMap, factor: number): void {
  for (const key of ['group_wait', 'group_interval', 'repeat_interval']) scaleKey(route, key, factor);
  for (const child of mapsIn(route, 'routes')) scaleRoute(child, factor);
}
