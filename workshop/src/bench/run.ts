/**
 * Measures what the instrumentation costs. Every variant of the API serves `GET /api/v1/tasks/:id` from one real Postgres, in one run on one
 * machine; published are differences and ratios of the same seconds, with their spread.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun, type CommandContext } from '@lab/cli';
import { writeFigures } from '../figures/figures-file.ts';
import { freePorts } from '../free-port.ts';
import { throughputGenerator } from './generator.ts';
import { measure } from './measure.ts';
import { chart, figures, table } from './report.ts';
import { prepareSubject } from './subject.ts';
import { summarise } from './summary.ts';
import { VARIANTS, type Variant } from './variants.ts';

/** Share of the fixed rate that counts as held: answers to the last requests come a little after the time is up. */
const HELD = 0.97;

export interface BenchOptions {
  rounds: number;
  slices: number;
  /** A slice's length. */
  seconds: number;
  /** Requests a second at the fixed rate. */
  rate: number;
  variants: readonly Variant[];
}

/** @throws CannotRun where a variant did not hold the rate. */
export async function runBench(
  root: string,
  output: CommandContext['output'],
  options: BenchOptions,
): Promise<void> {
  const cores = availableParallelism();
  const canPin = cores > 1 && process.platform === 'linux';
  // The server alone on the last core; this process, and with it Postgres, generators and the sink, on the others.
  const pin = canPin ? ['taskset', '-c', String(cores - 1)] : [];
  const otherCores = cores > 2 ? `0-${cores - 2}` : '0';
  if (canPin)
    execFileSync('taskset', ['-a', '-p', '-c', otherCores, String(process.pid)], { stdio: 'ignore' });
  const folder = await mkdtemp(join(tmpdir(), 'lab-bench-'));
  const sink = fork(join(import.meta.dirname, 'span-sink.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [{ port: sinkPort }] = (await once(sink, 'message')) as [{ port: number }];
    const [port = 0] = await freePorts(1);
    await using subject = await prepareSubject({ folder, port, bare: VARIANTS[0] as Variant });
    const generator = await throughputGenerator([]);
    output.progress(
      `${options.variants.length} variants, ${options.rounds} rounds of ${options.slices} slices; throughput by ${generator.name}` +
        (generator.name === 'autocannon'
          ? ' (its own cost hides the leanest variants: install wrk for true ratios)'
          : ''),
    );
    const observations = await measure({
      ...options,
      generator,
      subject,
      environment: { ...subject.environment, folder, otlpUrl: `http://127.0.0.1:${sinkPort}`, pin },
      progress: output.progress,
    });
    const { variants, ...settings } = options;
    const names = variants.map(({ name }) => name);
    const rows = summarise(observations, names);
    const reports = join(root, 'reports', 'bench');
    await mkdir(reports, { recursive: true });
    const text = table(rows, variants);
    const run = { ...settings, variants: names, generator: generator.name, cores, rows, observations };
    await writeFile(join(reports, 'bench.json'), `${JSON.stringify(run, null, 2)}\n`);
    await writeFile(join(reports, 'bench.md'), `${text}\n`);
    await writeFile(join(reports, 'bench.svg'), chart(rows));
    output.result(text);
    const late = rows.filter(({ rateReached }) => rateReached.median < HELD * options.rate);
    if (late.length > 0)
      throw new CannotRun(
        `${late.map(({ variant }) => variant).join(', ')} did not hold ${options.rate} requests/s, so CPU per request cannot be compared: give a lower --rate`,
      );
    if (variants.length < VARIANTS.length || options.rounds < 5) return;
    await writeFigures(root, 'bench', {
      command: 'make bench',
      with: `Node ${process.versions.node}, ${generator.name}`,
      figures: figures(rows),
    });
  } finally {
    sink.disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}
