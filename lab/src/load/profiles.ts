/** The load profiles file, `loadtests/profiles.yaml`, and what a person's RATE and DURATION make of a profile. */
import { readFileSync } from 'node:fs';
import { parseDuration } from '@lab/prometheus';
import { parse } from 'yaml';
import { z } from 'zod';
import { CannotRun } from '../cli/failure.ts';

/** In a straight line from one rate to another, both requests a second. */
export interface Stage {
  seconds: number;
  from: number;
  to: number;
}

/** Steps of a constant rate until the highest that holds is found. */
export interface Search {
  /** Requests a second of the first step. */
  rate: number;
  stepSeconds: number;
  settleSeconds: number;
  growth: number;
  precision: number;
  most: number;
}

interface PlanBase {
  profile: string;
  purpose: string;
  accounts: number;
  traceRatio: number;
}

export type Plan = PlanBase & ({ stages: readonly Stage[] } | { search: Search });

const seconds = z.string().transform((text, context) => {
  try {
    const milliseconds = parseDuration(text);
    if (milliseconds > 0) return milliseconds / 1000;
  } catch {
    // Said below.
  }
  context.addIssue({ code: 'custom', message: 'expected a duration such as 90s or 1m30s' });
  return z.NEVER;
});
const factor = z.number().nonnegative();
const stage = z.strictObject({ for: seconds, from: factor.optional(), to: factor.optional() });
const search = z.strictObject({
  step: seconds,
  settle: seconds,
  growth: z.number().gt(1),
  precision: z.number().gt(0).lt(1),
  most: z.number().positive(),
});
const common = { purpose: z.string().min(1), rate: z.number().positive() };
const profile = z.union([
  z.strictObject({ ...common, stages: z.array(stage).min(1) }),
  z.strictObject({ ...common, search }),
]);
const schema = z.strictObject({
  accounts: z.int().min(1).max(1000),
  traceRatio: z.number().min(0).max(1),
  profiles: z.record(z.string().regex(/^[a-z]+$/), profile),
});

export type Profiles = z.output<typeof schema>;

/** @throws Error naming each wrong field. */
export function parseProfiles(text: string, source = 'profiles.yaml'): Profiles {
  const result = schema.safeParse(parse(text));
  if (!result.success) throw new Error(`${source}: ${z.prettifyError(result.error)}`);
  return result.data;
}

export function readProfiles(): Profiles {
  const file = new URL('../../../loadtests/profiles.yaml', import.meta.url);
  return parseProfiles(readFileSync(file, 'utf8'), 'loadtests/profiles.yaml');
}

export interface Wishes {
  profile?: string | undefined;
  /** Requests a second. */
  rate?: string | undefined;
  duration?: string | undefined;
}

const DEFAULT_PROFILE = 'average';
/** More than this no generator on one machine sends, whatever it is told. */
const MOST_RATE = 100_000;
const LEAST_SECONDS = 1;
const MOST_SECONDS = 7 * 24 * 3600;

/** @throws CannotRun for an unknown profile, a rate that is no number above 0, a duration that is none. */
export function planOf(profiles: Profiles, wishes: Wishes): Plan {
  const name = wishes.profile ?? DEFAULT_PROFILE;
  const chosen = Object.hasOwn(profiles.profiles, name) ? profiles.profiles[name] : undefined;
  if (!chosen)
    throw new CannotRun(
      `unknown profile ${JSON.stringify(name)}: expected one of ${Object.keys(profiles.profiles).join(', ')}`,
    );
  const rate = wishes.rate === undefined ? chosen.rate : parseRate(wishes.rate);
  const wished = wishes.duration === undefined ? undefined : parseSeconds(wishes.duration);
  const { accounts, traceRatio } = profiles;
  const base = { profile: name, purpose: chosen.purpose, accounts, traceRatio };
  if ('search' in chosen) {
    const { step, settle, ...rest } = chosen.search;
    const stepSeconds = wished ?? step;
    return {
      ...base,
      search: { ...rest, rate, stepSeconds, settleSeconds: Math.min(settle, stepSeconds / 2) },
    };
  }
  const stretch = wished === undefined ? 1 : wished / sum(chosen.stages.map((each) => each.for));
  let level = 0;
  const stages = chosen.stages.map((each) => {
    const from = each.from ?? level;
    level = each.to ?? from;
    return { seconds: each.for * stretch, from: from * rate, to: level * rate };
  });
  return { ...base, stages };
}

/** Requests a second at a moment of the stages; 0 after the last. */
export function rateAt(stages: readonly Stage[], elapsedSeconds: number): number {
  let begins = 0;
  for (const { seconds: length, from, to } of stages) {
    if (elapsedSeconds < begins + length) return from + ((to - from) * (elapsedSeconds - begins)) / length;
    begins += length;
  }
  return 0;
}

export function secondsOf(stages: readonly Stage[]): number {
  return sum(stages.map((each) => each.seconds));
}

/** Requests that the stages ask for in all. */
export function requestsAsked(stages: readonly Stage[]): number {
  return sum(stages.map(({ seconds: length, from, to }) => ((from + to) / 2) * length));
}

function parseRate(text: string): number {
  const rate = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (rate > 0 && rate <= MOST_RATE) return rate;
  throw new CannotRun(
    `RATE=${text}: expected requests a second, a number above 0 and up to ${MOST_RATE.toLocaleString('en')}, such as 50`,
  );
}

function parseSeconds(text: string): number {
  const parsed = seconds.safeParse(text);
  if (parsed.success && parsed.data >= LEAST_SECONDS && parsed.data <= MOST_SECONDS) return parsed.data;
  throw new CannotRun(`DURATION=${text}: expected a duration from 1s to 7d, such as 90s, 10m or 1h30m`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
