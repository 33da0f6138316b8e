/** What `make test-kubernetes` was asked to do. */
import { parseArgs } from 'node:util';
import { CannotRun } from '@lab/cli';

/** Groups of checks, in the order in which they are tried. */
export const GROUPS = [
  'signals',
  'manifests',
  'rights',
  'walls',
  'configuration',
  'updates',
  'replicas',
  'logs',
] as const;
export type Group = (typeof GROUPS)[number];

/** What a person who changed something wants to know within minutes. */
const QUICK: readonly Group[] = ['signals', 'manifests', 'rights', 'walls', 'configuration'];
/** As many log lines as are published: the kubelet moves their file several times meanwhile. */
const LINES = 20_000;

export interface Options {
  groups: readonly Group[];
  /** How many log lines are written. */
  lines: number;
  /** `core`, `all` or names of experiments; undefined: none. */
  chaos: string | undefined;
  patience: string | undefined;
  /** An existing cluster by its context; undefined: one is made. */
  context: string | undefined;
  /** Whether everything that is published is counted. */
  whole: boolean;
}

/** @throws CannotRun for what is no option, no number or no group. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  if (values.quick && values.only !== undefined)
    throw new CannotRun('--quick and --only exclude each other: expected one of them');
  const groups = values.only === undefined ? (values.quick ? QUICK : GROUPS) : chosen(values.only);
  const lines = values.lines === undefined ? LINES : Number(values.lines);
  if (!Number.isInteger(lines) || lines < 1)
    throw new CannotRun(`--lines ${values.lines}: expected a whole number, such as 20000`);
  const { chaos, patience, context } = values;
  const whole =
    groups.length === GROUPS.length && lines >= LINES && chaos !== undefined && context === undefined;
  return { groups, lines, chaos, patience, context, whole };
}

function parse(args: readonly string[]) {
  const value = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean' },
        only: value,
        lines: value,
        chaos: value,
        patience: value,
        context: value,
      },
    });
  } catch (error) {
    throw new CannotRun(error instanceof Error ? error.message : String(error));
  }
}

function chosen(text: string): Group[] {
  const names = text.split(',');
  const unknown = names.find((name) => !GROUPS.some((group) => group === name));
  if (unknown !== undefined)
    throw new CannotRun(`--only ${unknown}: expected some of ${GROUPS.join(', ')}, separated by commas`);
  return GROUPS.filter((group) => names.includes(group));
}
