/**
 * Each variant stands beside bare, both in fresh processes on one core, and the two are asked in turn: a shared machine's speed
 * drifts within seconds, so what is compared must be measured as near in time as can be. Not all variants at once: a process that
 * waited for six others comes back to cold caches, and every variant then costs half as much again.
 */
import { atRate, type Generator } from './generator.ts';
import type { Observation } from './observation.ts';
import { type RunningServer, type ServerEnvironment, startServer } from './running-server.ts';
import { type Subject, target } from './subject.ts';
import { spread } from './summary.ts';
import type { Variant } from './variants.ts';

export interface MeasureOptions {
  variants: readonly Variant[];
  rounds: number;
  /** Turns that a variant and bare take in each round. */
  slices: number;
  /** Length of each of a turn's two measurements, s. */
  seconds: number;
  /** Requests per second of the fixed-rate measurement. */
  rate: number;
  generator: Generator;
  subject: Subject;
  environment: ServerEnvironment;
  progress(line: string): void;
}

/**
 * Spent at full speed before anything is counted, s. Shorter will not do: in its first three seconds bare was seen to need 1.9
 * times the CPU time a request that it needs after ten, the instrumented variants more (they have more code to compile).
 */
const WARM_UP = 10;

/** @throws Error when a variant answers anything but 200: its figures would be those of an error path. */
export async function measure(options: MeasureOptions): Promise<Observation[]> {
  const { variants, rounds, slices, progress } = options;
  const [bare, ...others] = variants;
  if (bare?.name !== 'bare' || others.length === 0)
    throw new TypeError('expected bare and, after it, at least one variant to compare with it');
  const observations: Observation[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, variant] of others.entries()) {
      const slice = (round * others.length + place) * slices;
      const pair = await besideBare(bare, variant, { round, slice }, options);
      observations.push(...pair);
      const cpu = (name: string) =>
        spread(pair.filter((one) => one.variant === name).map((one) => one.atRate.cpuMicrosPerRequest))
          .median;
      progress(
        `round ${round + 1}/${rounds} ${variant.name.padEnd(10)} ${cpu(variant.name).toFixed(0).padStart(5)} µs/request,` +
          ` bare beside it ${cpu('bare').toFixed(0)}`,
      );
    }
  }
  return observations;
}

async function besideBare(
  bare: Variant,
  variant: Variant,
  first: { round: number; slice: number },
  options: MeasureOptions,
): Promise<Observation[]> {
  const { slices, generator, subject, environment } = options;
  await using one = await startServer(bare, environment);
  await using other = await startServer(variant, environment);
  for (const server of [one, other]) await generator.saturate(target(server, subject.request), WARM_UP);
  const observations: Observation[] = [];
  for (let index = 0; index < slices; index += 1) {
    const slice = first.slice + index;
    const turns = [
      { variant: bare, server: one, round: first.round, slice },
      { variant, server: other, round: first.round, slice },
    ];
    // Neither always follows the other.
    if (slice % 2 === 1) turns.reverse();
    for (const turn of turns) observations.push(await observe(turn, options));
  }
  return observations;
}

interface Turn {
  variant: Variant;
  server: RunningServer;
  round: number;
  slice: number;
}

async function observe(
  { variant, server, round, slice }: Turn,
  options: MeasureOptions,
): Promise<Observation> {
  const { seconds, rate, generator, subject } = options;
  const what = target(server, subject.request);
  const before = await server.sample();
  const fixed = await atRate(what, rate, seconds);
  const after = await server.sample();
  const saturated = await generator.saturate(what, seconds);
  const { rssBytes } = await server.sample();

  for (const { failed } of [fixed, saturated]) {
    if (failed > 0) throw new Error(`variant ${variant.name} failed ${failed} requests`);
  }
  const cpuMicrosPerRequest = (after.cpuMicros - before.cpuMicros) / fixed.requests;
  return {
    variant: variant.name,
    round,
    slice,
    atRate: { ...fixed, cpuMicrosPerRequest },
    saturated,
    rssMegabytes: rssBytes / 1e6,
  };
}
