import { type Document, isMap, isScalar, isSeq, parseDocument, type Scalar, visit, type YAMLMap } from 'yaml';
import { parseDuration } from '../duration.ts';
import { scaleDuration } from './promql.ts';

/** Below a second neither scraping nor evaluating pays: it is the floor of every interval, not of ranges and waits. */
export const SHORTEST_INTERVAL = '1s';

/** Reads YAML so that comments and layout survive; a scalar stands in the place of its aliases. Throws the parser's first error. */
export function readDocument(text: string): Document {
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  withoutAliases(document);
  return document;
}

export function writeDocument(document: Document): string {
  return document.toString({ lineWidth: 0 });
}

/** Maps in the list under `key`; an absent list has none. */
export function mapsIn(map: YAMLMap, key: string): YAMLMap[] {
  const list = map.get(key);
  return isSeq(list) ? list.items.filter(isMap) : [];
}

/** The document's root as a map. */
export function rootMap(document: Document, what: string): YAMLMap {
  if (!isMap(document.contents))
    throw new Error(`expected ${what}: a YAML mapping, received ${typeof document.toJS()}`);
  return document.contents as YAMLMap;
}

/** Divides the duration under `key`, where there is one of this map's own. */
export function scaleKey(map: YAMLMap, key: string, factor: number): void {
  const value = map.get(key, true);
  if (isScalar(value) && typeof value.value === 'string') value.value = scaleDuration(value.value, factor);
}

/** As scaleKey, for an interval: not below a second (nor above what it was). */
export function scaleInterval(map: YAMLMap, key: string, factor: number): void {
  const value = map.get(key, true);
  if (isScalar(value) && typeof value.value === 'string') value.value = intervalAtScale(value.value, factor);
}

/** Puts the value of an anchor in the place of each alias to it, so that what is divided is divided once. */
function withoutAliases(document: Document): void {
  visit(document, {
    Alias(_, alias) {
      const source = alias.resolve(document);
      if (!isScalar(source)) return undefined;
      const copy = source.clone() as Scalar;
      delete copy.anchor;
      return copy;
    },
  });
}

/** An interval divided by `factor`, but not below a second unless it was shorter already. */
export function intervalAtScale(interval: string, factor: number): string {
  const scaled = scaleDuration(interval, factor);
  if (parseDuration(scaled) >= parseDuration(SHORTEST_INTERVAL)) return scaled;
  return parseDuration(interval) < parseDuration(SHORTEST_INTERVAL) ? interval : SHORTEST_INTERVAL;
}

/** Refuses what is no factor. */
export function checkFactor(factor: number): void {
  if (!Number.isFinite(factor) || factor < 1) {
    throw new RangeError(`expected a time scale of 1 or more, received ${factor}`);
  }
}
