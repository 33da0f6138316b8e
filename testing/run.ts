/**
 * `make test`: every check that needs no container engine, one after the other, and one summary line at the end;
 * `make test-full` adds what takes long: k6 is built, every threshold sharpened, every experiment run instead of four.
 * Owns the order and the counting; the checks themselves are the tools' and the suites' own.
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
import { type Counts, runStep, type Step } from './src/run/step.ts';

const root = join(import.meta.dirname, '..');
const reports = join(root, 'reports', 'test');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;
const EXPERIMENTS = [node, 'testing/src/e2e/experiments.ts'];

const steps: Step[] = [
  { name: 'format-and-lint', command: [bin('biome'), 'check', '--error-on-warnings'] },
  { name: 'types', command: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'types-web', command: [bin('tsc'), '-p', 'services/web/tsconfig.json'] },
  { name: 'types-k6', command: [bin('tsc'), '-p', 'loadtests/k6/tsconfig.json'] },
  { name: 'types-console', command: [bin('tsc'), '-p', 'services/console/tsconfig.json'] },
  // Prometheus, Alertmanager and their checkers, as `make up` gets them: rules and routes are tested by the real ones.
  { name: 'tools', command: [node, 'lab/src/main.ts', 'tools'] },
  {
    name: 'tests',
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
  {
    name: 'end-to-end',
    before: async () => ({ ...(await ensurePython()), ...(await ensureBrowser()) }),
    command: [node, bin('playwright'), 'test'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'end-to-end.json') },
    counts: () => playwrightCounts(join(reports, 'end-to-end.json')),
  },
];

// Times are reported, not asserted: the limits are three times what is promised.
const fewExperiments: Step = {
  name: 'experiments',
  before: ensurePython,
  command: [
    ...EXPERIMENTS,
    '--experiment',
    'control,table-lock,api-killed,jobs-failing,shop-stopped',
    '--patience',
    '3',
  ],
};

const slowSteps: Step[] = [
  {
    name: 'rules-full',
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
  { name: 'experiments', before: ensurePython, command: [...EXPERIMENTS, '--suite', 'all'] },
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
const total: Counts = { passed: 0, failed: 0 };
for (const step of steps.filter(({ name }) => wanted.includes(name))) {
  const counts = await runStep(step, { cwd: root, logFile: join(reports, `${step.name}.log`) });
  total.passed += counts.passed;
  total.failed += counts.failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
