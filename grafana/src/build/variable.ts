import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PROMETHEUS } from './query.ts';
import type { Until } from './until.ts';

/** A choice above the dashboard: the values that a label has. */
export interface Variable {
  name: string;
  label: string;
  /** The series whose label it is. */
  selector: string;
  of: string;
  /** Several at once, or all; without it exactly one. */
  many?: boolean;
  until?: Until;
}

export function variableQuery({ selector, of }: Variable): string {
  return `label_values(${selector}, ${of})`;
}

export function queryVariable(variable: Variable): QueryVariableBuilder {
  const query = variableQuery(variable);
  const builder = new QueryVariableBuilder(variable.name)
    .label(variable.label)
    .datasource(PROMETHEUS)
    .query({ query, refId: variable.name, qryType: 1 })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
  if (!variable.many) return builder;
  return builder
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all', selected: true });
}
