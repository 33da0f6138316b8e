import { CannotRun } from '../../cli/failure.ts';
import { belongs, type Mode } from '../../settings/mode.ts';
import { type Experiment, inMode } from './schema.ts';

type Option = string | true | undefined;

const MOST_RELATED = 5;

export interface Wanted {
  suite?: Option;
  names?: Option;
  /** The mode of the lab that is to run them; undefined: any. */
  mode?: Mode;
  /** Its parts: some can be left out (Kibana, the host's exporters). Undefined: all there are. */
  parts?: readonly string[];
}

/**
 * Experiments that were asked for, in the order of their running. A suite leaves out those about parts that this lab does not have.
 * @throws CannotRun for an unknown suite or name, both at once, or one that this mode or lab cannot run.
 */
export function chooseExperiments(
  all: readonly Experiment[],
  { suite, names, mode, parts }: Wanted,
): Experiment[] {
  if (suite !== undefined && names !== undefined)
    throw new CannotRun('SUITE and EXPERIMENT exclude each other: expected one of them');
  const ofMode = all.filter((each) => mode === undefined || belongs(each.mode, mode));
  const absentPart = (each: Experiment) =>
    mode && parts && touched(each, mode).find((part) => !parts.includes(part));
  const here = ofMode.filter((each) => absentPart(each) === undefined);
  if (names === undefined) {
    const wanted = suite ?? 'core';
    if (wanted === 'all') return here;
    if (wanted === 'core') return here.filter((each) => each.suite === 'core');
    throw new CannotRun(`unknown suite ${JSON.stringify(wanted)}: expected core or all`);
  }
  return String(names)
    .split(',')
    .map((name) => {
      const found = all.find((each) => each.name === name);
      if (!found) throw new CannotRun(`unknown experiment ${JSON.stringify(name)}: ${suggestion(name, all)}`);
      if (!ofMode.includes(found))
        throw new CannotRun(
          `the experiment ${name} needs ${found.mode} mode; this lab is up in ${mode} mode`,
        );
      const absent = absentPart(found);
      if (absent !== undefined)
        throw new CannotRun(`the experiment ${name} is about ${absent}, which this lab was started without`);
      return found;
    });
}

/** Parts that an experiment acts on in a mode; one on services finds them in every lab. */
function touched(experiment: Experiment, mode: Mode): string[] {
  return inMode(experiment, mode).method.flatMap((action) => ('part' in action ? [action.part] : []));
}

/** The names nearest to what was typed: a few letters off, or with a word in common; all of them only on demand. */
function suggestion(name: string, all: readonly Experiment[]): string {
  const names = all.map((each) => each.name);
  const close = names.filter((each) => distance(name, each) <= 3);
  if (close.length > 0) return `did you mean ${close.join(' or ')}?`;
  const words = name.split('-').filter((word) => word.length >= 3);
  const related = names.filter((each) => words.some((word) => each.includes(word))).slice(0, MOST_RELATED);
  const list = `\`make chaos LIST=1\` lists all ${names.length}`;
  return related.length > 0 ? `did you mean ${related.join(' or ')}? ${list}` : `${list} by name`;
}

/** Letters to add, drop or change (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** Beyond 15 the shortest windows of the rules would hold fewer than four scrapes. */
const FASTEST = 15;

/** @throws CannotRun for what is no time scale. */
export function speedOf(text: Option): number {
  if (text === undefined || text === '') return 10;
  const speed = Number(text);
  if (speed >= 1 && speed <= FASTEST) return speed;
  throw new CannotRun(
    `SPEED: expected a number from 1 (as written) to ${FASTEST}, got ${JSON.stringify(text)}`,
  );
}
