import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DASHBOARDS, experimentsWaitedFor } from '@lab/grafana';
import { readAlerts, readCatalogue } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { derivedRollbacks, rollbacksOf } from '../../src/chaos/experiment/actions.ts';
import { readExperiments, uncoveredAlerts } from '../../src/chaos/experiment/catalogue.ts';
import { chooseExperiments, speedOf } from '../../src/chaos/experiment/choose.ts';
import { listOf } from '../../src/commands/chaos.ts';
import type { Mode } from '../../src/settings/mode.ts';

const FOLDER = join(import.meta.dirname, '../../../loadtests/chaos');
const { experiments, steadyState } = readExperiments(FOLDER);

/** The complaint about a copy of the experiments in which one file was changed. */
async function complaint(file: string, change: (text: string) => string): Promise<string> {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await cp(FOLDER, path, { recursive: true });
  await writeFile(join(path, file), change(await readFile(join(path, file), 'utf8')));
  try {
    readExperiments(path);
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('the experiments', () => {
  test('are sixteen or more, one of them the control', () => {
    expect(experiments.length).toBeGreaterThanOrEqual(16);
    expect(experiments[0]).toMatchObject({ name: 'control', method: [], alerts: { must: [], may: [] } });
  });

  test('make every alert fire that prometheus/alerts.yaml names an experiment for', () => {
    expect(uncoveredAlerts(experiments)).toEqual([]);
  });

  test('ask of what remembers whether it burns in the words of its own rule', () => {
    const rules = new Map(readAlerts().map(({ name, expr }) => [name, expr]));
    for (const [alert, { burns }] of Object.entries(steadyState.remembering.alerts))
      expect(rules.get(alert)).toContain(burns);
  });

  test('are there for every panel that waits for one, and run in lite mode, or where the dashboard has data', () => {
    const namesIn = (mode: Mode) =>
      chooseExperiments(experiments, { suite: 'all', mode }).map(({ name }) => name);
    const [lite, kubernetes] = [namesIn('lite'), namesIn('kubernetes')];
    const elsewhere = DASHBOARDS.filter(({ uid }) => uid !== 'kubernetes');
    expect(experimentsWaitedFor(elsewhere).filter((name) => !lite.includes(name))).toEqual([]);
    expect(experimentsWaitedFor().filter((name) => !kubernetes.includes(name))).toEqual([]);
  });

  test('for what only Kubernetes has are eight, each for an alert of its own, and run nowhere else', () => {
    const own = experiments.filter(({ mode }) => mode === 'kubernetes');
    const proven = own.flatMap(({ alerts }) => alerts.must.map(({ alert }) => alert));
    expect(proven.sort()).toEqual([
      'ClaimNearlyFull',
      'ContainerOutOfMemory',
      'ContainerThrottled',
      'ImageNotPulled',
      'NodeNotReady',
      'PodCrashLooping',
      'PodUnschedulable',
      'WorkloadNotRolledOut',
    ]);
    expect(own).toHaveLength(8);
    for (const mode of ['lite', 'full'] as const)
      expect(chooseExperiments(own, { suite: 'all', mode })).toEqual([]);
  });

  test('leave no alert out but those with a reason', () => {
    const catalogue = readCatalogue();
    for (const { name } of readAlerts()) expect(catalogue.has(name), name).toBe(true);
  });

  test('each undo what they do', () => {
    for (const experiment of experiments)
      for (const action of experiment.method)
        for (const rollback of derivedRollbacks([action]))
          expect(rollbacksOf(experiment), experiment.name).toContainEqual(rollback);
  });

  test('of the core suite cover the three alerts of the exercise, the database, an instance and the log pipeline', () => {
    const core = chooseExperiments(experiments, {});
    expect(core.map(({ name }) => name).sort()).toEqual([
      'api-errors',
      'api-killed',
      'api-latency',
      'control',
      'database-slow',
      'database-stopped',
      'log-pipeline-stopped',
    ]);
  });
});

describe('a file', () => {
  test.each<[string, (text: string) => string, string | RegExp]>([
    [
      'with an unknown key',
      (text) => `${text}\nsurprise: 1\n`,
      'api-errors.yaml: the file: Unrecognized key',
    ],
    [
      'with an alert that does not exist',
      (text) => text.replace('- alert: HighErrorRate', '- alert: HighErrorRatio'),
      'HighErrorRatio: no alert of that name',
    ],
    [
      'that repeats what follows from its method',
      (text) => text.replace('\nalerts', '\nrollbacks: [{ undo: clear-faults, service: api }]\nalerts'),
      'api-errors.yaml: rollbacks.0: clear-faults api follows from the method: expected only what does not',
    ],
    [
      'with a service that is none',
      (text) => text.replace('service: api', 'service: apy'),
      'api-errors.yaml: method.0.service: expected one of api, console, web, worker, got "apy"',
    ],
    [
      'with a part that is none',
      (text) =>
        text.replace('{ do: fault, service: api, fault: error, ratio: 0.25 }', '{ do: stop, part: apy }'),
      /api-errors\.yaml: method\.0\.part: expected one of alertmanager, api, [a-z0-9, -]+, got "apy"$/m,
    ],
    [
      'whose own rollback is for a part that is none',
      (text) => text.replace('\nalerts', '\nrollbacks: [{ undo: start, part: wep }]\nalerts'),
      'api-errors.yaml: rollbacks.0.part: expected one of',
    ],
    [
      'with an action that is none',
      (text) => text.replace('do: fault', 'do: falt'),
      "api-errors.yaml: method.0.do: Invalid discriminator value. Expected 'block-indices' | ",
    ],
    [
      'that promises more than the rule can keep',
      (text) => text.replace('within: 4m', 'within: 2m'),
      'HighErrorRate: within 120 s cannot be kept',
    ],
    [
      'whose fault is too weak to be seen',
      (text) => text.replace('threshold: 0.05, injected: 0.25', 'threshold: 0.05, injected: 0.04'),
      'the alert could never fire',
    ],
    [
      'with a hypothesis that cannot fail',
      (text) => text.replace('    atLeast: 2\n', ''),
      'without a bound it cannot fail',
    ],
    [
      'with a fault beyond its limits',
      (text) => text.replace('ratio: 0.25', 'ratio: 1.25'),
      'api-errors.yaml: method.0',
    ],
    [
      'with the same alert twice',
      (text) => text.replace('alerts: [ErrorBudgetBurn6h', 'alerts: [HighErrorRate, ErrorBudgetBurn6h'),
      'HighErrorRate: named twice',
    ],
    ['that is no YAML', () => 'title: [', 'api-errors.yaml:'],
  ])('%s is refused as a whole, by name and field', async (_, change, words) => {
    expect(await complaint('api-errors.yaml', change)).toMatch(words);
  });
});

describe('choosing', () => {
  test.each([
    [{ names: 'api-erors' }, 'unknown experiment "api-erors": did you mean api-errors?'],
    [{ names: 'database-gone' }, 'did you mean database-'],
    [{ names: 'foo' }, /^unknown experiment "foo": `make chaos LIST=1` lists all \d+ by name$/],
    [{ suite: 'everything' }, 'unknown suite "everything": expected core or all'],
    [{ suite: 'all', names: 'control' }, 'SUITE and EXPERIMENT exclude each other'],
    [{ names: 'grafana-stopped', mode: 'lite' as const }, 'needs full mode'],
  ])('%o is refused in one line', (wanted, words) => {
    expect(() => chooseExperiments(experiments, wanted)).toThrow(words);
  });

  test('a list names each experiment with its suite and title, one a line', () => {
    const lines = listOf(experiments);
    expect(lines).toHaveLength(experiments.length);
    expect(lines).toContainEqual(
      expect.stringMatching(/^api-errors +core +The API answers one request in four with a 500$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^grafana-stopped .*\(full mode only\)$/));
  });

  test('of all leaves out what the mode cannot run', () => {
    const lite = chooseExperiments(experiments, { suite: 'all', mode: 'lite' });
    expect(lite.some(({ mode }) => mode === 'full')).toBe(false);
    expect(lite.length).toBeLessThan(experiments.length);
  });

  test('leaves out what is about a part that this lab was started without, and refuses it by name', () => {
    const parts = ['web', 'api', 'worker', 'console', 'prometheus', 'elasticsearch'];
    const names = chooseExperiments(experiments, { suite: 'all', mode: 'full', parts }).map(
      ({ name }) => name,
    );
    expect(names).toContain('elasticsearch-stopped');
    expect(names).toContain('api-errors');
    expect(names).not.toContain('kibana-stopped');
    expect(() => chooseExperiments(experiments, { names: 'kibana-stopped', mode: 'full', parts })).toThrow(
      'is about kibana, which this lab was started without',
    );
  });

  test.each(['0', '-1', 'fast', '16'])('a time scale of %s is refused', (speed) => {
    expect(() => speedOf(speed)).toThrow('SPEED: expected a number from 1');
  });

  test('a time scale is 10 unless said otherwise', () => {
    expect([speedOf(undefined), speedOf('1'), speedOf('12.5')]).toEqual([10, 1, 12.5]);
  });
});
