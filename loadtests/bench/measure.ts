/** Runs every variant in every round, in an order that rotates, so that no variant always follows the same other. */
import { atRate, type Generator, type Result } from './generator.ts';
import { type ServerEnvironment, startServer } from './running-server.ts';
import { type Subject, target } from './subject.ts';
import type { Variant } from './variants.ts';

/** What one variant did in one round. */
export interface Observation {
  variant: string;
  round: number;
  atRate: Result & {
    /** User and system time of the server's process, all its threads, per request answered, microseconds. */
    cpuMicrosPerRequest: number;
  };
  saturated: Result;
  /** Resident memory after the load, MB (10^6 bytes). */
  rssMegabytes: number;
}

export interface MeasureOptions {
  variants: readonly Variant[];
  rounds: number;
  /** Length of each of the two measurements, s; half as long is spent warming up first. */
  seconds: number;
  /** Requests per second of the fixed-rate measurement. */
  rate: number;
  generator: Generator;
  subject: Subject;
  environment: ServerEnvironment;
  progress(line: string): void;
}

/** @throws Error when a variant answers anything but 200: its figures would be those of an error path. */
export async function measure(options: MeasureOptions): Promise<Observation[]> {
  const { variants, rounds, progress } = options;
  const observations: Observation[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = variants.map((_, index) => variants[(index + round) % variants.length] as Variant);
    for (const variant of order) {
      const observation = await observe(variant, round, options);
      observations.push(observation);
      const { atRate: fixed, saturated } = observation;
      progress(
        `round ${round + 1}/${rounds} ${variant.name.padEnd(10)} ${fixed.cpuMicrosPerRequest.toFixed(0).padStart(5)} µs/request` +
          ` ${saturated.requestsPerSecond.toFixed(0).padStart(7)} requests/s`,
      );
    }
  }
  return observations;
}

async function observe(variant: Variant, round: number, options: MeasureOptions): Promise<Observation> {
  const { seconds, rate, generator, subject, environment } = options;
  await using server = await startServer(variant, environment);
  const what = target(server, subject.request);
  await generator.saturate(what, Math.max(1, Math.round(seconds / 2)));

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
    atRate: { ...fixed, cpuMicrosPerRequest },
    saturated,
    rssMegabytes: rssBytes / 1e6,
  };
}
