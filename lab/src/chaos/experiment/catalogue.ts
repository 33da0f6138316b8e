/** All experiments, read and checked as a whole before any of them runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Alert, parseDuration, readAlerts, readCatalogue } from '@lab/prometheus';
import { parse } from 'yaml';
import type { z } from 'zod';
import { CannotRun } from '../../cli/failure.ts';
import { derivedRollbacks, describeRollback } from './actions.ts';
import { knownNames, type Names, unknownNames } from './names.ts';
import { type Experiment, experimentSchema, type SteadyState, steadyStateSchema } from './schema.ts';

const STEADY_STATE = 'steady-state.yaml';

export interface Catalogue {
  experiments: Experiment[];
  steadyState: SteadyState;
}

/** @throws CannotRun with a line for each thing that is wrong in any file: file, field, what was expected. */
export function readExperiments(
  folder: string,
  alerts: readonly Alert[] = readAlerts(),
  names: Names = knownNames(),
): Catalogue {
  const complaints: string[] = [];
  const known = new Map(alerts.map((alert) => [alert.name, alert]));
  const read = <T>(file: string, schema: z.ZodType<T>): T | undefined => {
    const result = schema.safeParse(parseYaml(join(folder, file), file, complaints));
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues)
      complaints.push(`${file}: ${path.join('.') || 'the file'}: ${message}`);
    return undefined;
  };
  const experiments: Experiment[] = [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== STEADY_STATE);
  for (const file of files.sort()) {
    const content = read(file, experimentSchema);
    if (content === undefined) continue;
    const experiment = { ...content, name: file.replace(/\.yaml$/, '') };
    complaints.push(...defectsOf(experiment, known, names).map((defect) => `${file}: ${defect}`));
    experiments.push(experiment);
  }
  const steadyState = read(STEADY_STATE, steadyStateSchema);
  if (complaints.length > 0 || steadyState === undefined) throw new CannotRun(complaints.join('\n'));
  experiments.sort((a, b) => a.order - b.order || a.name.localeCompare(b.name));
  return { experiments, steadyState };
}

function parseYaml(path: string, file: string, complaints: string[]): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    complaints.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Complains of what the schema cannot see: names that must exist, and promises that could not be broken or not be kept. */
function defectsOf(experiment: Experiment, alerts: ReadonlyMap<string, Alert>, names: Names): string[] {
  const defects: string[] = [];
  const { must, may } = experiment.alerts;
  const named = [...must.map(({ alert }) => alert), ...may.flatMap((each) => each.alerts)];
  for (const name of named) if (!alerts.has(name)) defects.push(`${name}: no alert of that name`);
  for (const name of new Set(named.filter((each, index) => named.indexOf(each) !== index)))
    defects.push(`${name}: named twice`);
  for (const { alert, within, needs } of must) {
    const soonest = productionMinimum(needs) + parseDuration(alerts.get(alert)?.for ?? '0');
    if (within < soonest)
      defects.push(
        `${alert}: within ${within / 1000} s cannot be kept: it takes at least ${soonest / 1000} s`,
      );
  }
  defects.push(...unknownNames(experiment, names));
  const derived = derivedRollbacks(experiment.method);
  for (const [index, rollback] of experiment.rollbacks.entries())
    if (derived.some((each) => isDeepStrictEqual(each, rollback)))
      defects.push(
        `rollbacks.${index}: ${describeRollback(rollback)} follows from the method: expected only what does not`,
      );
  if (named.length >= alerts.size) defects.push('alerts: everything may fire: nothing has to stay silent');
  return defects;
}

function productionMinimum({ share, time = 0 }: Experiment['alerts']['must'][number]['needs']): number {
  return time + (share ? (share.window * share.threshold) / share.injected : 0);
}

/** Names the alerts that no experiment rehearses although prometheus/alerts.yaml names one, and the other way round. */
export function uncoveredAlerts(
  experiments: readonly Experiment[],
  wanted = readCatalogue(),
): { alert: string; experiment: string; problem: string }[] {
  const byName = new Map(experiments.map((each) => [each.name, each]));
  return [...wanted].flatMap(([alert, entry]) => {
    if (!('experiment' in entry)) return [];
    const { experiment } = entry;
    const found = byName.get(experiment);
    if (!found) return [{ alert, experiment, problem: 'there is no such experiment' }];
    const fires = found.alerts.must.some((each) => each.alert === alert);
    return fires ? [] : [{ alert, experiment, problem: 'it does not make the alert fire' }];
  });
}
