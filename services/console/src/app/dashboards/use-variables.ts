import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { findSeries, labelNames, labelValues, queryInstant } from '../api/prometheus.ts';
import { type Query, useQuery } from '../api/use-query.ts';
import type { ResolvedRange } from '../time/range.ts';
import { interpolate, type Scope } from './model/interpolate.ts';
import { compilePattern } from './model/pattern.ts';
import {
  chosenValues,
  customOptions,
  parseVariableQuery,
  scopeText,
  scopeValue,
  toOptions,
  type Variable,
  type VariableOption,
  writeQueryResult,
  writeSeries,
} from './model/variables.ts';

export interface VariableState {
  variable: Variable;
  options: readonly VariableOption[];
  chosen: readonly string[];
}

async function queryValues(variable: Variable, scope: Scope, range: ResolvedRange, signal: AbortSignal) {
  const query = parseVariableQuery(interpolate(variable.query, scope, 'promql'));
  const window = { start: range.from / 1000, end: range.to / 1000 };
  switch (query.kind) {
    case 'label_values':
      return labelValues(query.label, query.selector, window, signal);
    case 'label_names':
      return labelNames(signal);
    case 'metrics': {
      const names = await labelValues('__name__', undefined, window, signal);
      const pattern = compilePattern(query.pattern);
      return pattern ? names.filter((name) => pattern.test(name)) : names;
    }
    case 'query_result': {
      const series = await queryInstant(query.expr, window.end, signal);
      return series.map(({ labels, values, times }) =>
        writeQueryResult(labels, values.at(-1) ?? Number.NaN, times.at(-1) ?? 0),
      );
    }
    case 'series':
      return (await findSeries(query.selector, window, signal)).map(writeSeries);
    case 'unknown':
      return [];
  }
}

/** Options and choice of every variable in order: a later one may depend on an earlier one's choice. */
async function resolveAll(
  variables: readonly Variable[],
  search: URLSearchParams,
  range: ResolvedRange,
  signal: AbortSignal,
): Promise<VariableState[]> {
  const states: VariableState[] = [];
  for (const variable of variables) {
    const scope = variableScope(states);
    const options =
      variable.type === 'query'
        ? toOptions(variable, await queryValues(variable, scope, range, signal))
        : variable.type === 'custom' || variable.type === 'interval'
          ? customOptions(variable.query)
          : variable.type === 'constant'
            ? [{ text: variable.query, value: variable.query }]
            : variable.initial.map((value) => ({ text: value, value }));
    const chosen = chosenValues(variable, options, search.getAll(`var-${variable.name}`));
    states.push({ variable, options, chosen });
  }
  return states;
}

/** What queries see. */
export function variableScope(states: readonly VariableState[]): Scope {
  return Object.fromEntries(
    states.map(({ variable, options, chosen }) => [variable.name, scopeValue(variable, options, chosen)]),
  );
}

/** What titles show. */
export function variableTexts(states: readonly VariableState[]): Scope {
  return Object.fromEntries(
    states.map(({ variable, options, chosen }) => [variable.name, scopeText(options, chosen)]),
  );
}

/**
 * The dashboard's variables with their options from Prometheus; the choice lives in the address as `var-<name>`.
 * Asked for anew when a variable that others refer to changes, and when the dashboard's time range is chosen anew.
 */
export function useVariables(
  variables: readonly Variable[],
  range: ResolvedRange,
  rangeKey: string,
): Query<VariableState[]> & { choose: (name: string, values: readonly string[]) => void } {
  const [search, setSearch] = useSearchParams();
  const chosen = variables.map(({ name }) => [name, search.getAll(`var-${name}`)]);
  const query = useQuery(
    JSON.stringify(variables),
    (signal) => resolveAll(variables, search, range, signal),
    { version: JSON.stringify([chosen, rangeKey]) },
  );
  return useMemo(
    () => ({
      ...query,
      // The choice counts at once; only options that depend on it wait for Prometheus.
      data: query.data?.map((state) => ({
        ...state,
        chosen: chosenValues(state.variable, state.options, search.getAll(`var-${state.variable.name}`)),
      })),
      choose: (name: string, values: readonly string[]) =>
        setSearch(
          (before) => {
            before.delete(`var-${name}`);
            for (const value of values) before.append(`var-${name}`, value);
            return before;
          },
          { replace: true },
        ),
    }),
    [query, search, setSearch],
  );
}
