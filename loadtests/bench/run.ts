/**
 * `make bench`: what the instrumentation costs. Every variant of the API serves `GET /api/v1/tasks/:id` from one real
 * Postgres, in one run on one machine; published are differences and ratios of the same seconds, with their spread.
 *
 * Usage: node loadtests/bench/run.ts [--rounds 5] [--slices 4] [--seconds 1] [--rate 1000] [--variants bare,metrics,…]
 * Exit status: 0 measured, 1 could not be measured, 2 wrong usage. Only a whole run (every variant, 5 rounds or more)
 * writes docs/figures/bench.json.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../../testing/src/free-port.ts';
import { throughputGenerator } from './generator.ts';
import { measure } from './measure.ts';
import { chart, figures, table } from './report.ts';
import { prepareSubject } from './subject.ts';
import { summarise } from './summary.ts';
import { VARIANTS, type Variant } from './variants.ts';

const root = join(import.meta.dirname, '..', '..');
/** Share of the fixed rate that counts as held: answers to the last requests come a little after the time is up. */
const HELD = 0.97;
const say = (line: string) => process.stderr.write(`${line}\n`);

function readOptions() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      slices: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '1' },
      rate: { type: 'string', default: '1000' },
      variants: { type: 'string', default: VARIANTS.map(({ name }) => name).join(',') },
    },
  });
  const whole = (name: 'rounds' | 'slices' | 'seconds' | 'rate') => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1)
      throw new TypeError(`--${name}: expected a whole number from 1, received ${values[name]}`);
    return value;
  };
  const variants = values.variants.split(',').map((name) => {
    const variant = VARIANTS.find((one) => one.name === name);
    if (!variant)
      throw new TypeError(
        `--variants: no ${JSON.stringify(name)}; there are ${VARIANTS.map((one) => one.name).join(', ')}`,
      );
    return variant;
  });
  return {
    rounds: whole('rounds'),
    slices: whole('slices'),
    seconds: whole('seconds'),
    rate: whole('rate'),
    variants,
  };
}

let options: ReturnType<typeof readOptions>;
try {
  options = readOptions();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(2);
}

const cores = availableParallelism();
const canPin = cores > 1 && process.platform === 'linux';
// The server alone on the last core; this process, and with it Postgres, generators and the sink, on the others.
const serverPin = canPin ? ['taskset', '-c', String(cores - 1)] : [];
const otherCores = cores > 2 ? `0-${cores - 2}` : '0';
if (canPin) execFileSync('taskset', ['-a', '-p', '-c', otherCores, String(process.pid)], { stdio: 'ignore' });

const folder = await mkdtemp(join(tmpdir(), 'lab-bench-'));
const sink = fork(join(import.meta.dirname, 'span-sink.ts'), [], {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
try {
  const [{ port: sinkPort }] = (await once(sink, 'message')) as [{ port: number }];
  await using subject = await prepareSubject({
    folder,
    port: await freePort(),
    bare: VARIANTS[0] as Variant,
  });
  const generator = await throughputGenerator([]);
  say(
    `${options.variants.length} variants, ${options.rounds} rounds of ${options.slices} slices; throughput by ${generator.name}` +
      (generator.name === 'autocannon'
        ? ' (its own cost hides the leanest variants: install wrk for true ratios)'
        : ''),
  );
  const observations = await measure({
    ...options,
    generator,
    subject,
    environment: { ...subject.environment, folder, otlpUrl: `http://127.0.0.1:${sinkPort}`, pin: serverPin },
    progress: say,
  });
  const rows = summarise(
    observations,
    options.variants.map(({ name }) => name),
  );
  await report(rows, observations, generator.name);
} catch (error) {
  say(`could not be measured: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  sink.disconnect();
  await rm(folder, { recursive: true, force: true });
}

async function report(
  rows: ReturnType<typeof summarise>,
  observations: unknown,
  generator: string,
): Promise<void> {
  const reports = join(root, 'reports', 'bench');
  await mkdir(reports, { recursive: true });
  const text = table(rows, options.variants);
  const { variants, ...settings } = options;
  const run = {
    ...settings,
    variants: variants.map(({ name }) => name),
    generator,
    cores,
    rows,
    observations,
  };
  await writeFile(join(reports, 'bench.json'), `${JSON.stringify(run, null, 2)}\n`);
  await writeFile(join(reports, 'bench.md'), `${text}\n`);
  await writeFile(join(reports, 'bench.svg'), chart(rows));
  console.log(text);
  const late = rows.filter(({ rateReached }) => rateReached.median < HELD * options.rate);
  if (late.length > 0)
    throw new Error(
      `${late.map(({ variant }) => variant).join(', ')} did not hold ${options.rate} requests/s, so CPU per request cannot be compared: give a lower --rate`,
    );
  if (variants.length < VARIANTS.length || options.rounds < 5) return;
  const published = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} vCPU, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.versions.node}, ${generator}`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    command: 'make bench',
    figures: figures(rows),
  };
  await writeFile(join(root, 'docs', 'figures', 'bench.json'), `${JSON.stringify(published, null, 2)}\n`);
}
