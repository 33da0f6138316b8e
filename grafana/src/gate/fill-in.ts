/** What stands in a query for a person's choices, given the values that the gate asks with. */

/** As a dashboard of half an hour on a laptop has them: `$__rate_interval` is four scrapes or more. */
const BUILT_IN: Readonly<Record<string, string>> = {
  __rate_interval: '1m',
  __interval: '15s',
  __range: '10m',
  __range_s: '600',
};

/**
 * @param variables value by name of the dashboard's own variables.
 * @throws Error for a placeholder that nothing fills, which Prometheus would take for a mistake of grammar at best.
 */
export function fillIn(promql: string, variables: Readonly<Record<string, string>> = {}): string {
  return promql.replaceAll(/\$([A-Za-z_]\w*)/g, (_, name: string) => {
    const value = BUILT_IN[name] ?? variables[name];
    if (value === undefined) throw new Error(`nothing fills $${name} in: ${promql}`);
    return value;
  });
}
