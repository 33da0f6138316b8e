/**
 * `make test`: every check that needs no container engine, side by side where they do not disturb each other, and one summary line at
 * the end. A lab under test waits most of its time, so the unit tests compute beside it.
 * `make test-full` adds what takes long: k6 is built, every threshold sharpened, every experiment run instead of four.
 * Owns which checks there are and what they wait for; the checks themselves are the tools' and the suites' own.
 *
 * Usage: node testing/run.ts [--full] [--only STEP[,STEP]]
 * Exit status: 0 all passed, 1 something failed, 2 wrong usage.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './src/run/browser.ts';
import { playwrightCounts, vitestCounts } from './src/run/counts.ts';
import { ensurePython } from './src/run/python.ts';
import { ensureRuby } from './src/run/ruby.ts';
import { runSteps } from './src/run/schedule.ts';
import { runStep, type Step } from './src/run/step.ts';

const root = join(import.meta.dirname, '..');
const reports = join(root, 'reports', 'test');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;
const EXPERIMENTS = [node, 'testing/src/e2e/experiments.ts'];

/** A type check reads all sources of its project on all processors: one after the other. */
function typeChecks(...projects: (readonly [name: string, project: string])[]): Step[] {
  return projects.map(([name, project], place) => ({
    name,
    after: projects.slice(0, place).map(([earlier]) => earlier),
    command: [bin('tsc'), '-p', project],
  }));
}

/** The steps that make ready what every lab and every test of a server needs. */
const PREPARED = ['tools', 'pages'];

let programs: Promise<Record<string, string>> | undefined;

/** Sees to what Debian has and the tests and labs under test need, once: two of apt-get at a time would lock each other out. */
function ensurePrograms(): Promise<Record<string, string>> {
  programs ??= ensurePython()
    .then(() => ensureRuby())
    .then(() => ensureBrowser());
  return programs;
}

function browserTests(name: string, config: string): Step {
  const report = join(reports, `${name}.json`);
  return {
    name,
    after: PREPARED,
    before: ensurePrograms,
    command: [node, bin('playwright'), 'test', '--config', config],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    counts: () => playwrightCounts(report),
  };
}

const steps: Step[] = [
  // Prometheus, Alertmanager and their checkers, as `make up` gets them: rules and routes are tested by the real ones.
  { name: 'tools', command: [node, 'lab/src/main.ts', 'tools'] },
  { name: 'pages', command: [node, 'testing/src/run/build-pages.ts'] },
  { name: 'format-and-lint', command: [bin('biome'), 'check', '--error-on-warnings'] },
  // The first checks which way imports point, the second finds what nothing uses.
  {
    name: 'walls',
    command: [node, '--import', './testing/src/walls/typescript-6.ts', bin('depcruise'), '.'],
  },
  { name: 'unused', command: [node, bin('knip'), '--no-progress'] },
  ...typeChecks(
    ['types', 'tsconfig.json'],
    ['types-ui-kit', 'services/ui-kit/tsconfig.json'],
    ['types-web', 'services/web/tsconfig.json'],
    ['types-k6', 'loadtests/k6/tsconfig.json'],
    ['types-console', 'services/console/tsconfig.json'],
  ),
  {
    name: 'tests',
    after: PREPARED,
    before: async () => {
      await ensurePrograms();
      return {};
    },
    command: [
      node,
      bin('vitest'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(reports, 'tests.json')}`,
    ],
    counts: () => vitestCounts(join(reports, 'tests.json')),
  },
  browserTests('end-to-end', 'playwright.config.ts'),
  browserTests('lite', 'playwright.lite.config.ts'),
];

// Times are reported, not asserted: the limits are three times what is promised.
const fewExperiments: Step = {
  name: 'experiments',
  // Two labs at a time: beside three the unit tests would starve.
  after: [...PREPARED, 'lite'],
  before: ensurePrograms,
  command: [
    ...EXPERIMENTS,
    '--experiment',
    'control,table-lock,api-killed,jobs-failing,shop-stopped',
    '--patience',
    '3',
  ],
};

const ALL = steps.map(({ name }) => name);

/** One after the other, after everything else: here the times are judged as they are promised. */
const slowSteps: Step[] = [
  {
    name: 'rules-full',
    after: ALL,
    command: [
      node,
      bin('vitest'),
      'run',
      '--config',
      'prometheus/vitest.full.config.ts',
      '--root',
      'prometheus',
    ],
  },
  {
    name: 'experiments',
    after: [...ALL, 'rules-full'],
    before: ensurePrograms,
    command: [...EXPERIMENTS, '--suite', 'all'],
  },
];

const { values } = parseArgs({ options: { full: { type: 'boolean' }, only: { type: 'string' } } });
steps.push(...(values.full ? slowSteps : [fewExperiments]));
const wanted = values.only?.split(',') ?? steps.map((step) => step.name);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `no step ${unknown.join(', ')}: expected some of ${steps.map((step) => step.name).join(', ')}`,
  );
  process.exit(2);
}

await rm(reports, { recursive: true, force: true });
await mkdir(reports, { recursive: true });
// Hundreds of programs of the same sources are started: each source is compiled once.
process.env['NODE_COMPILE_CACHE'] = join(reports, 'compile-cache');
const start = performance.now();
// Ctrl-C reaches every program that runs; whoever started a lab ends it, and nothing more is started.
const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort());
const total = await runSteps(
  steps.filter(({ name }) => wanted.includes(name)),
  async (step) =>
    interruption.signal.aborted
      ? { passed: 0, failed: 1 }
      : runStep(step, { cwd: root, logFile: join(reports, `${step.name}.log`) }),
);
const minutes = ((performance.now() - start) / 60_000).toFixed(1);
console.log(`${total.passed} passed, ${total.failed} failed, ${minutes} minutes`);
process.exitCode = total.failed === 0 ? 0 : 1;
