import { basename } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { filledLink } from '../links.ts';
import { readRules } from '../rules.ts';

/** One alert rule, as its file holds it. */
export interface Alert {
  name: string;
  /** File below prometheus/rules, and the group in it. */
  file: string;
  group: string;
  expr: string;
  /** How long the expression must hold; undefined: it fires at once. */
  for: string | undefined;
  /** How long it goes on after the expression last held; undefined: it ends at once. */
  keepFiringFor: string | undefined;
  severity: string;
  /** Undefined where the series carry it. */
  service: string | undefined;
  /** Present for a part that only one mode has. */
  mode: string | undefined;
  summary: string;
  description: string;
  /** Links with the console's address of the checkout filled in. */
  runbookUrl: string;
  dashboardUrl: string;
}

const text = z.string().min(1);
/** A person's own rule may lack what every alert of the lab has (catalogue.test.ts): it is carried along with nothing in its place. */
const orNothing = z.string().default('');
/** YAML reads `0` and `1` as numbers; Prometheus takes the one for a duration and the other for an expression. */
const scalar = z.union([text, z.number().transform(String)]);
const alertSchema = z.looseObject({
  alert: text,
  expr: scalar,
  for: scalar.optional(),
  keep_firing_for: scalar.optional(),
  labels: z
    .looseObject({ severity: orNothing, service: text.optional(), mode: text.optional() })
    .prefault({}),
  annotations: z
    .looseObject({
      summary: orNothing,
      description: orNothing,
      runbook_url: orNothing,
      dashboard_url: orNothing,
    })
    .prefault({}),
});
/** Prometheus takes a file without groups, or with nothing but comments. */
const fileSchema = z
  .object({
    groups: z
      .array(
        z.looseObject({ name: text, rules: z.array(z.looseObject({ alert: text.optional() })).default([]) }),
      )
      .default([]),
  })
  .nullish()
  .transform((file) => file ?? { groups: [] });

/** Symptoms before causes, the lab's own parts last: the order of documents. */
const ORDER = [
  'slo',
  'api',
  'web',
  'worker',
  'database',
  'runtime',
  'parts',
  'probes',
  'logs',
  'traces',
  'adaptive',
  'monitoring',
];

/**
 * Reads every alert rule, in the order of documents.
 * @param written texts of rules files by name; those of `prometheus/rules` where none are given.
 * @throws Error that names the file, and alert and field where a rule is none of Prometheus's.
 */
export function readAlerts(written: ReadonlyMap<string, string> = readRules()): Alert[] {
  const rules = [...written].sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b));
  return rules.flatMap(([file, text]) => alertsOf(file, text));
}

function place(file: string): number {
  const index = ORDER.indexOf(basename(file, '.yml'));
  return index === -1 ? ORDER.length : index;
}

/** The alerts in one rules file's text. */
export function alertsOf(file: string, yaml: string): Alert[] {
  const read = fileSchema.safeParse(parse(yaml, { merge: true }));
  if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`);
  const { groups } = read.data;
  return groups.flatMap(({ name: group, rules }) =>
    rules
      .filter(({ alert }) => alert !== undefined)
      .map((rule) => {
        const result = alertSchema.safeParse(rule);
        if (!result.success) throw new Error(`${file}: ${rule.alert}: ${z.prettifyError(result.error)}`);
        const { alert, expr, labels, annotations } = result.data;
        return {
          name: alert,
          file,
          group,
          expr: expr.trimEnd(),
          for: result.data.for,
          keepFiringFor: result.data.keep_firing_for,
          severity: labels.severity,
          service: labels.service,
          mode: labels.mode,
          summary: annotations.summary,
          description: annotations.description,
          runbookUrl: filledLink(annotations.runbook_url),
          dashboardUrl: filledLink(annotations.dashboard_url),
        };
      }),
  );
}
