/** What `make test-compose` was asked to do. */
import { parseArgs } from 'node:util';
import { CannotRun } from '@lab/cli';
import { parseDuration } from '@lab/prometheus';

/** Groups of checks, in the order in which they are tried. The first list runs unless something else is said. */
export const USUAL = [
  'signals',
  'walls',
  'losses',
  'survival',
  'configuration',
  'rules',
  'secrets',
  'k6',
  'volumes',
  'neighbour',
  'shop',
] as const;
/** What a person who changed something wants to know within minutes. */
const QUICK: readonly Group[] = ['signals', 'walls', 'configuration'];

export type Group = (typeof USUAL)[number];

export interface Options {
  groups: readonly Group[];
  /** How many log lines and writes the counted proofs make. */
  lines: number;
  writes: number;
  /** Whether everything that is counted for docs/figures/verification.json is counted, and as much of it as is published. */
  whole: boolean;
  /** How long to soak at the profile `average`; 0: not. */
  soakMs: number;
  /** `core`, `all` or names of experiments; undefined: none. */
  chaos: string | undefined;
  patience: string | undefined;
  /** Shell command that restarts the engine and returns when it answers again; undefined: it is left alone. */
  restartEngine: string | undefined;
}

const FULL = { lines: 200_000, writes: 10_000 };

/** @throws CannotRun for what is no option, no number, no duration or no group. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  const lines = wholeNumber('--lines', values.lines) ?? FULL.lines;
  const writes = wholeNumber('--writes', values.writes) ?? FULL.writes;
  if (values.quick && values.only !== undefined)
    throw new CannotRun('--quick and --only exclude each other: expected one of them');
  const groups = values.only === undefined ? (values.quick ? QUICK : USUAL) : chosen(values.only);
  return {
    groups,
    lines,
    writes,
    whole: groups.length === USUAL.length && lines >= FULL.lines && writes >= FULL.writes,
    soakMs: values.soak === undefined ? 0 : duration('--soak', values.soak),
    chaos: values.chaos,
    patience: values.patience,
    restartEngine: values['restart-engine'],
  };
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
        writes: value,
        soak: value,
        chaos: value,
        patience: value,
        'restart-engine': value,
      },
    });
  } catch (error) {
    throw new CannotRun(error instanceof Error ? error.message : String(error));
  }
}

function chosen(text: string): Group[] {
  const names = text.split(',');
  const unknown = names.find((name) => !USUAL.some((group) => group === name));
  if (unknown !== undefined)
    throw new CannotRun(`--only ${unknown}: expected some of ${USUAL.join(', ')}, separated by commas`);
  return USUAL.filter((group) => names.includes(group));
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new CannotRun(`${name} ${text}: expected a whole number, such as 5000; 0 leaves it out`);
}

function duration(name: string, text: string): number {
  const wrong = `${name} ${text}: expected a duration such as 30m or 90s`;
  try {
    const milliseconds = parseDuration(text);
    if (milliseconds > 0) return milliseconds;
  } catch (cause) {
    throw new CannotRun(wrong, { cause });
  }
  throw new CannotRun(wrong);
}
