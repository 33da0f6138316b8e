/** The rules of a set of files, one by one, as Prometheus evaluates them at some time scale. */
import { parseDuration, scaleRules } from '@lab/prometheus';
import { parse } from 'yaml';
import { z } from 'zod';
import { CannotRun, describeError } from '../cli/failure.ts';

export interface Rule {
  kind: 'alert' | 'record';
  /** The alert's name, or the name of the series that it records. */
  name: string;
  /** File below prometheus/rules, and the group in it. */
  file: string;
  group: string;
  /** Of the group's evaluation, milliseconds. */
  intervalMs: number;
  expr: string;
  forMs: number;
  keepFiringForMs: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string(), scalar).nullish();
const ruleSchema = z.looseObject({
  alert: z.string().optional(),
  record: z.string().optional(),
  expr: scalar,
  for: z.string().optional(),
  keep_firing_for: z.string().optional(),
  labels: texts,
  annotations: texts,
});
const fileSchema = z
  .looseObject({
    groups: z
      .array(
        z.looseObject({
          name: z.string(),
          interval: z.string().optional(),
          rules: z.array(ruleSchema).nullish(),
        }),
      )
      .nullish(),
  })
  .nullish();

/**
 * Reads rules in the order of their evaluation.
 * @param files texts as they are written, by name.
 * @throws CannotRun naming the file, and what is wrong with it.
 */
export function rulesOf(files: ReadonlyMap<string, string>, scale: TimeScale): Rule[] {
  return [...files].flatMap(([file, text]) => {
    const key = JSON.stringify([file, text, scale.speed, scale.evaluationMs]);
    const rules = known.get(key) ?? rulesIn(file, text, scale);
    known.set(key, rules);
    return rules;
  });
}

export interface TimeScale {
  speed: number;
  /** How often a group is evaluated that does not say, at that time scale, milliseconds. */
  evaluationMs: number;
}

/** An edit changes one file of many, and recordings were made with the same ones: each text is read once. */
const known = new Map<string, readonly Rule[]>();

function rulesIn(file: string, text: string, { speed, evaluationMs }: TimeScale): Rule[] {
  const read = fileSchema.safeParse(scaledYaml(file, text, speed));
  if (!read.success) throw new CannotRun(`prometheus/rules/${file}: ${z.prettifyError(read.error)}`);
  return (read.data?.groups ?? []).flatMap(({ name: group, interval, rules }) =>
    (rules ?? []).map((rule): Rule => {
      const name = rule.alert ?? rule.record;
      if (name === undefined)
        throw new CannotRun(`prometheus/rules/${file}: ${group}: expected alert or record in each rule`);
      return {
        kind: rule.alert === undefined ? 'record' : 'alert',
        name,
        file,
        group,
        intervalMs: interval === undefined ? evaluationMs : parseDuration(interval),
        expr: rule.expr,
        forMs: parseDuration(rule.for ?? '0'),
        keepFiringForMs: parseDuration(rule.keep_firing_for ?? '0'),
        labels: rule.labels ?? {},
        annotations: rule.annotations ?? {},
      };
    }),
  );
}

function scaledYaml(file: string, text: string, speed: number): unknown {
  try {
    return parse(scaleRules(text, speed), { merge: true });
  } catch (cause) {
    throw new CannotRun(`prometheus/rules/${file}: ${describeError(cause)}`, { cause });
  }
}
