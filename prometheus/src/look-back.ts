/**
 * Tells how far an expression looks back, and at which series: whoever gives a young lab a past knows from this which past the rules
 * ask for. Recorded series are followed into the rules that record them.
 */
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** A series that an expression reads. */
export interface PastRead {
  metric: string;
  /** The oldest sample that counts, milliseconds before the evaluation; 0: only what is current. */
  reachMs: number;
}

/** A recording rule, without its name. */
export interface Recording {
  expr: string;
  /** The labels that the rule adds. */
  labels: Readonly<Record<string, string>>;
}

/** Recording rules by the name of what they record: objectives record under one name. */
export type Recordings = ReadonlyMap<string, readonly Recording[]>;

const WINDOW = 'NumberDurationLiteralInDurationContext';

/**
 * Returns every series that an expression reads by itself, with its range, its offset and those of the subqueries around it.
 * @throws Error that shows the place where the expression cannot be parsed.
 */
export function seriesRead(expression: string): PastRead[] {
  const reads: PastRead[] = [];
  const text = ({ from, to }: { from: number; to: number }) => expression.slice(from, to);
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError)
        throw new Error(`not a PromQL expression, at "${expression.slice(node.from, node.from + 40)}"`);
      if (node.name !== 'VectorSelector') return;
      const name = node.node.getChild('Identifier');
      if (name === null) return;
      let reachMs = 0;
      for (let at = node.node.parent; at !== null; at = at.parent) {
        if (!['MatrixSelector', 'SubqueryExpr', 'OffsetExpr'].includes(at.name)) continue;
        const [window] = at.getChildren(WINDOW);
        if (window) reachMs += signedDuration(text(window));
      }
      reads.push({ metric: text(name), reachMs: Math.max(0, reachMs) });
    },
  });
  return reads;
}

/** Returns the recorded series that an expression looks back at, directly or through other recorded ones; each reach once. */
export function recordedPast(expression: string, recordings: Recordings): PastRead[] {
  const found = new Map<string, PastRead>();
  const follow = (text: string, beforeMs: number, path: readonly string[]) => {
    for (const { metric, reachMs } of seriesRead(text)) {
      const rules = recordings.get(metric);
      if (rules === undefined || path.includes(metric)) continue;
      const read = { metric, reachMs: beforeMs + reachMs };
      if (read.reachMs > 0) found.set(`${metric} ${read.reachMs}`, read);
      for (const { expr } of rules) follow(expr, read.reachMs, [...path, metric]);
    }
  };
  follow(expression, 0, []);
  return [...found.values()];
}

const fileSchema = z
  .looseObject({
    groups: z
      .array(
        z.looseObject({
          rules: z
            .array(
              z.looseObject({
                record: z.string().optional(),
                expr: z.string(),
                labels: z.record(z.string(), z.string()).default({}),
              }),
            )
            .default([]),
        }),
      )
      .default([]),
  })
  .nullish();

/** @param files texts of rules files. @returns the recording rules in them. */
export function recordingsOf(files: Iterable<string>): Recordings {
  const recordings = new Map<string, Recording[]>();
  for (const text of files)
    for (const { rules } of fileSchema.parse(parse(text))?.groups ?? [])
      for (const { record, expr, labels } of rules)
        if (record !== undefined)
          recordings.set(record, [...(recordings.get(record) ?? []), { expr, labels }]);
  return recordings;
}

/** Milliseconds. Prometheus 3 also takes plain seconds. */
function signedDuration(text: string): number {
  if (text.startsWith('-')) return -signedDuration(text.slice(1).trim());
  return /^[\d.]+$/.test(text) ? Number(text) * 1000 : parseDuration(text);
}
