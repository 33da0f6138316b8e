import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PROMETHEUS } from './query.ts';

/** A choice above the dashboard: the values that a label has, one, several or all of them. None may be without values, whatever goes on. */
export interface Variable {
  name: string;
  label: string;
  /** The series whose label it is. */
  selector: string;
  of: string;
  /** What "All" stands for, where it is more than the values it has now; default: anything. */
  all?: string;
}

export function variableQuery({ selector, of }: Variable): string {
  return `label_values(${selector}, ${of})`;
}

export function allOf({ all = '.*' }: Variable): string {
  return all;
}

export function queryVariable(variable: Variable): QueryVariableBuilder {
  const query = variableQuery(variable);
  return new QueryVariableBuilder(variable.name)
    .label(variable.label)
    .datasource(PROMETHEUS)
    .query({ query, refId: variable.name, qryType: 1 })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(allOf(variable))
    .current({ text: 'All', value: '$__all', selected: true });
}
