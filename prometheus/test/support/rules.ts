import { parse } from 'yaml';
import { files, read } from '../../src/repository.ts';

export interface AlertRule {
  file: string;
  alert: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface RulesFile {
  groups: {
    name: string;
    interval?: string;
    rules: (Partial<AlertRule> & { expr: string; record?: string })[];
  }[];
}

export function rulesIn(path: string): RulesFile['groups'][number]['rules'] {
  return (parse(read(path)) as RulesFile).groups.flatMap(({ rules }) => rules);
}

/** Every alert rule of the repository. */
export function alertRules(): AlertRule[] {
  return files('prometheus/rules/*.yml').flatMap((file) =>
    rulesIn(file).flatMap((rule) =>
      rule.alert === undefined ? [] : [{ labels: {}, annotations: {}, ...rule, alert: rule.alert, file }],
    ),
  );
}
