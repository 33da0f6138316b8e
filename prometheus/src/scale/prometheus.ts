import { isMap, type YAMLMap } from 'yaml';
import { formatDuration, parseDuration } from '../duration.ts';
import {
  checkFactor,
  mapsIn,
  readDocument,
  rootMap,
  scaleInterval,
  scaleKey,
  writeDocument,
} from './document.ts';

/**
 * A `prometheus.yml` for time that runs `factor` times faster: scrape and evaluation intervals, not below a second; a scrape's timeout
 * keeps its share of the interval. Discovery, storage and remote endpoints stay.
 */
export function scalePrometheus(text: string, factor: number): string {
  checkFactor(factor);
  if (factor === 1) return text;
  const document = readDocument(text);
  const root = rootMap(document, 'a Prometheus configuration');
  const global = root.get('global');
  if (isMap(global)) {
    scaleScrape(global, factor);
    scaleInterval(global, 'evaluation_interval', factor);
    scaleKey(global, 'rule_query_offset', factor);
  }
  for (const job of mapsIn(root, 'scrape_configs')) scaleScrape(job, factor);
  return writeDocument(document);
}

function scaleScrape(map: YAMLMap, factor: number): void {
  const before = map.get('scrape_interval');
  scaleInterval(map, 'scrape_interval', factor);
  const after = map.get('scrape_interval');
  const timeout = map.get('scrape_timeout');
  if (typeof timeout !== 'string') return;
  // A timeout alone belongs to the global interval, whose floor is not known here: divide it plainly.
  const share =
    typeof before === 'string' && typeof after === 'string'
      ? parseDuration(after) / parseDuration(before)
      : 1 / factor;
  map.set('scrape_timeout', formatDuration(Math.max(1, parseDuration(timeout) * share)));
}
