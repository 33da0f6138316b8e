import { isMap, isScalar, type YAMLMap } from 'yaml';
import { parseDuration } from '../duration.ts';
import {
  checkFactor,
  intervalAtScale,
  mapsIn,
  readDocument,
  rootMap,
  scaleInterval,
  scaleKey,
  writeDocument,
} from './document.ts';
import { scalePromql } from './promql.ts';
import { rangesOf } from './ranges.ts';

/** A rate over fewer samples than this is a guess (DESIGN section 5). */
const SCRAPES_IN_A_RANGE = 4;

/**
 * A Prometheus rules file for time that runs `factor` times faster: every expression (see scalePromql), `for`, `keep_firing_for`, group
 * interval and offset. Alerts get the annotation `time_scale`, for the durations that their texts name are the unscaled ones.
 *
 * Throws an Error naming the rule when its expression cannot be scaled, or when a range would hold fewer than four scrapes
 * (`scrapeInterval` is the unscaled one).
 */
export function scaleRules(text: string, factor: number, { scrapeInterval = '5s' } = {}): string {
  checkFactor(factor);
  if (factor === 1) return text;
  const shortest = SCRAPES_IN_A_RANGE * parseDuration(intervalAtScale(scrapeInterval, factor));
  const document = readDocument(text);
  // Prometheus takes a file without any rule: all of them may be commented out for now.
  if (document.contents === null) return text;
  for (const group of mapsIn(rootMap(document, 'a rules file'), 'groups')) {
    scaleInterval(group, 'interval', factor);
    scaleKey(group, 'query_offset', factor);
    for (const rule of mapsIn(group, 'rules')) scaleRule(rule, factor, shortest);
  }
  return writeDocument(document);
}

function scaleRule(rule: YAMLMap, factor: number, shortest: number): void {
  const name = String(rule.get('alert') ?? rule.get('record'));
  const expression = rule.get('expr', true);
  if (!isScalar(expression)) throw new Error(`${name}: expected an expression under expr`);
  if (expression.comment?.includes('scale:')) {
    throw new Error(
      `${name}: YAML takes "#${expression.comment}" for its own comment; write the expression as a block (expr: |)`,
    );
  }
  try {
    const scaled = scalePromql(String(expression.value), factor);
    for (const range of rangesOf(scaled)) {
      if (parseDuration(range) < shortest)
        throw new RangeError(`range ${range} holds fewer than ${SCRAPES_IN_A_RANGE} scrapes`);
    }
    expression.value = scaled;
  } catch (cause) {
    throw new Error(
      `${name} at time scale ${factor}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  scaleKey(rule, 'for', factor);
  scaleKey(rule, 'keep_firing_for', factor);
  const annotations = rule.get('annotations');
  if (isMap(annotations)) annotations.set('time_scale', String(factor));
}
