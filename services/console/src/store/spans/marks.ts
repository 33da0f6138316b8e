/**
 * Words that stand for what a span is, for the index of spans. All are made of letters and digits, each with a prefix of its
 * own: nothing a client sends gets into the index as text.
 */
import type { OtlpAttributes, OtlpValue } from '@lab/telemetry/otlp';
import { durationStep } from '../records/text-index.ts';

/** Longest tag value that can be searched, characters. */
export const MAX_TAG_VALUE = 256;

export const EVERY_SPAN = 'a';
export const serviceMark = (service: number) => `s${service}`;
export const operationMark = (operation: number) => `o${operation}`;
export const kindMark = (kind: number) => `k${kind}`;
export const ERROR_MARK = 'e';
export const durationMark = (nanoseconds: number) => `d${durationStep(nanoseconds)}`;
export const linkMark = (traceId: string) => `l${traceId}`;
/** The tag `key=value`; values of any type are compared as text. */
export const tagMark = (key: string, value: string) => `t${hash(`${key}=${value}`)}`;

/** Tag marks of attributes, separated by blanks, each after one. */
export function tagMarks(attributes: OtlpAttributes): string {
  let marks = '';
  const add = (key: string, value: OtlpValue) => {
    if (Array.isArray(value)) for (const element of value.slice(0, 20)) add(key, element);
    else if (value !== null && typeof value !== 'object') {
      const text = String(value);
      if (text.length <= MAX_TAG_VALUE) marks += ` ${tagMark(key, text)}`;
    }
  };
  for (const key in attributes) add(key, attributes[key] ?? null);
  return marks;
}

/** 53 bits of a text in base 36 (cyrb53, public domain): two tags share a mark once in about 10^15 pairs. */
function hash(text: string): string {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 2654435761);
    high = Math.imul(high ^ code, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36);
}
