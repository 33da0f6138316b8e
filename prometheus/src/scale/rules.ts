import { parse, stringify, type YAMLMap } from 'yaml';
import { parseDuration } from '../duration.ts';
import { type Edit, edited } from '../edits.ts';
import { UnscalableFormula } from '../promql/duration-formula.ts';
import { NotPromql } from '../promql/syntax.ts';
import { seriesOf } from '../rules/rule-book.ts';
import { checkFactor, intervalAtScale } from './document.ts';
import { BadMark, promqlEdits, scaleDuration } from './promql.ts';
import { rangesOf } from './ranges.ts';
import { type RefusedRule, UnscalableRules } from './refusals.ts';
import { RulesDocument } from './rules-document.ts';
import { queryEdits, UnreadableTemplate } from './template-queries.ts';

/** A rate over fewer samples than this is a guess (DESIGN section 5). */
const SCRAPES_IN_A_RANGE = 4;

/** The intervals of `prometheus.yml`, as written for production. */
export interface Intervals {
  scrapeInterval?: string;
  /** The step of subqueries that name none. */
  evaluationInterval?: string;
}

/** Rules files for faster time, and what is missing from them. */
export interface ScaledRules {
  files: Map<string, string>;
  refused: RefusedRule[];
}

/**
 * Rules files for time that runs `factor` times faster. A rule that cannot be brought to it is left out and named, and so is each rule
 * that reads a series which only such rules record. In all others nothing changes but durations, marked numbers (see scalePromql) and
 * the annotation `time_scale`.
 * @param files texts by name.
 * @throws RangeError for a factor below 1; Error that names the file where one is no rules file.
 */
export function scaleRuleFiles(
  files: ReadonlyMap<string, string>,
  factor: number,
  intervals: Intervals = {},
): ScaledRules {
  checkFactor(factor);
  if (factor === 1) return { files: new Map(files), refused: [] };
  const scaled = [...files].map(([file, text]) => {
    try {
      return [file, scaleFile(file, text, factor, intervals)] as const;
    } catch (cause) {
      throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
  const refused = scaled.flatMap(([, { refused: own }]) => own);
  refused.push(...readersOf(refused, files, factor));
  const texts = scaled.map(([file, { text }]): [string, string] => {
    const names = new Set(refused.filter((each) => each.file === file).map(({ rule }) => rule));
    return [file, names.size > 0 ? without(text, names) : text];
  });
  return { files: new Map(texts), refused };
}

/**
 * One rules file for time that runs `factor` times faster, whole or not at all: see scaleRuleFiles.
 * @throws UnscalableRules that names every rule which cannot be brought to it.
 */
export function scaleRules(text: string, factor: number, intervals: Intervals = {}): string {
  checkFactor(factor);
  if (factor === 1) return text;
  const scaled = scaleFile('rules', text, factor, intervals);
  if (scaled.refused.length > 0) throw new UnscalableRules(scaled.refused);
  return scaled.text;
}

/** What all rules of a run have in common. */
interface Scale {
  factor: number;
  /** The shortest range that holds enough scrapes, milliseconds. */
  shortest: number;
  defaultStep: string | undefined;
}

function scaleFile(
  file: string,
  text: string,
  factor: number,
  { scrapeInterval = '5s', evaluationInterval = '5s' }: Intervals,
): { text: string; refused: RefusedRule[] } {
  const exactStep = scaleDuration(evaluationInterval, factor);
  const scale: Scale = {
    factor,
    shortest: SCRAPES_IN_A_RANGE * parseDuration(intervalAtScale(scrapeInterval, factor)),
    // Where the evaluation interval itself is divided by the factor, so is the step that Prometheus takes from it.
    defaultStep: intervalAtScale(evaluationInterval, factor) === exactStep ? undefined : exactStep,
  };
  const document = new RulesDocument(text);
  const refused: RefusedRule[] = [];
  for (const group of document.groups()) {
    changeDuration(document, group, 'interval', (interval) => intervalAtScale(interval, factor));
    changeDuration(document, group, 'query_offset', (offset) => scaleDuration(offset, factor));
    for (const rule of document.maps(group, 'rules')) {
      const mistake = mistakeIn(document, rule);
      const reason = mistake ?? scaleRule(document, rule, scale);
      if (reason === undefined) continue;
      refused.push({ file, rule: nameOf(document, rule), factor: mistake ? undefined : factor, reason });
    }
  }
  return { text: edited(text, document.edits()), refused };
}

/** @returns what is wrong with how the rule is written, where something is. */
function mistakeIn(document: RulesDocument, rule: YAMLMap): string | undefined {
  const comment = document.field(rule, 'expr')?.scalar.comment;
  return comment && /^\s*scale:/.test(comment)
    ? `YAML takes "#${comment}" for its own comment; write the expression as a block (expr: |)`
    : undefined;
}

/** @returns why the rule cannot be scaled, where it cannot. */
function scaleRule(document: RulesDocument, rule: YAMLMap, scale: Scale): string | undefined {
  const { factor } = scale;
  const expression = document.field(rule, 'expr');
  if (expression === undefined) return 'expected an expression under expr';
  try {
    const written = String(expression.scalar.value);
    const edits = promqlEdits(written, factor, scale);
    const scaled = edited(written, edits);
    const short = rangesOf(scaled).find(({ milliseconds }) => milliseconds < scale.shortest);
    if (short) return `range ${short.text} holds fewer than ${SCRAPES_IN_A_RANGE} scrapes`;
    document.change(expression, edits, scaled);
    for (const key of ['for', 'keep_firing_for'])
      changeDuration(document, rule, key, (duration) => scaleDuration(duration, factor));
    const annotations = document.map(rule, 'annotations');
    for (const texts of [document.map(rule, 'labels'), annotations])
      if (texts) scaleQueries(document, texts, scale);
    if (annotations && document.field(rule, 'alert')) document.put(annotations, 'time_scale', String(factor));
    return undefined;
  } catch (error) {
    if (isReason(error)) return error.message;
    throw error;
  }
}

function isReason(error: unknown): error is Error {
  return [NotPromql, BadMark, UnscalableFormula, UnreadableTemplate, RangeError].some(
    (type) => error instanceof type,
  );
}

/** The expressions that an alert's texts ask Prometheus for: `{{ query "rate(x[5m])" }}`. */
function scaleQueries(document: RulesDocument, texts: YAMLMap, { factor, defaultStep }: Scale): void {
  for (const key of document.keys(texts)) {
    const field = document.field(texts, key);
    if (typeof field?.scalar.value !== 'string') continue;
    const edits = queryEdits(field.scalar.value, (promql) => promqlEdits(promql, factor, { defaultStep }));
    document.change(field, edits, edited(field.scalar.value, edits));
  }
}

/** Changes a duration under a key, where there is one. @throws RangeError where it is none. */
function changeDuration(
  document: RulesDocument,
  map: YAMLMap,
  key: string,
  change: (duration: string) => string,
): void {
  const field = document.field(map, key);
  if (field === undefined) return;
  const written = String(field.scalar.value);
  const changed = change(written);
  const edits: Edit[] = changed === written ? [] : [{ from: 0, to: written.length, text: changed }];
  // `0` is no duration to shorten, in whatever form it is written.
  if (parseDuration(written) !== 0) document.change(field, edits, changed);
}

function nameOf(document: RulesDocument, rule: YAMLMap): string {
  const value = (document.field(rule, 'alert') ?? document.field(rule, 'record'))?.scalar.value;
  return value === undefined ? 'a rule without a name' : String(value);
}

interface WrittenRule {
  alert?: string;
  record?: string;
  expr?: unknown;
}

interface WrittenFile {
  groups?: { rules?: WrittenRule[] | null }[] | null;
}

/** Rules that read what refused rules record, and what those record in turn. */
function readersOf(
  refused: readonly RefusedRule[],
  files: ReadonlyMap<string, string>,
  factor: number,
): RefusedRule[] {
  if (refused.length === 0) return [];
  const all = [...files].flatMap(([file, text]) =>
    rulesOf(parse(text, { merge: true }) as WrittenFile | null).map((rule) => ({ file, rule })),
  );
  const isOut = (file: string, name: string, out: readonly RefusedRule[]) =>
    out.some((each) => each.file === file && each.rule === name);
  const found: RefusedRule[] = [];
  for (let more = true; more; ) {
    const out = [...refused, ...found];
    const left = all.filter(({ file, rule }) => !isOut(file, nameIn(rule), out));
    const recorded = new Set(left.flatMap(({ rule }) => rule.record ?? []));
    const lost = new Set(out.map(({ rule }) => rule).filter((name) => !recorded.has(name)));
    const next = left.flatMap(({ file, rule }) => {
      const series = seriesOf(String(rule.expr)).find((name) => lost.has(name));
      return series === undefined
        ? []
        : [{ file, rule: nameIn(rule), factor, reason: `it reads ${series}, which is left out` }];
    });
    found.push(...next);
    more = next.length > 0;
  }
  return found;
}

function rulesOf(file: WrittenFile | null): WrittenRule[] {
  return (file?.groups ?? []).flatMap(({ rules }) => rules ?? []);
}

function nameIn({ alert, record }: WrittenRule): string {
  return String(alert ?? record);
}

/** A rules file without some of its rules; its comments go too. */
function without(text: string, names: ReadonlySet<string>): string {
  const file = parse(text, { merge: true }) as WrittenFile;
  for (const group of file.groups ?? [])
    group.rules = (group.rules ?? []).filter((rule) => !names.has(nameIn(rule)));
  return stringify(file, { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false });
}
