import type { Setting } from './setting.ts';
import { ConfigError } from './start-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Settings by the name of their variable. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Values<S extends Settings> = { [N in keyof S]: S[N] extends Setting<infer T> ? T : never };

/**
 * Checks settings against each other: returns, by variable, what was expected where it is wrong. Is given only those that
 * have their form.
 */
export type Rule<S extends Settings> = (values: Partial<Values<S>>) => {
  [N in keyof S]?: string | false | undefined;
};

/**
 * Reads every setting from the environment. A variable that is empty counts as not set: Compose files pass on unset ones so.
 * @throws ConfigError with a line for each variable that is wrong: `NAME: expected <form>, got <value>`.
 */
export function readSettings<S extends Settings>(
  env: Environment,
  settings: S,
  rule: Rule<S> = () => ({}),
): Values<S> {
  const given = (name: string) => env[name] || undefined;
  const read = Object.entries(settings).map(
    ([name, setting]) => [name, setting, setting.read(given(name))] as const,
  );
  const values = Object.fromEntries(
    read.flatMap(([name, , found]) => (found === undefined ? [] : [[name, found.value]])),
  ) as Values<S>;
  const broken = rule(values);
  const complaints = read.flatMap(([name, { form, isSecret }, found]) => {
    const expected = found === undefined ? form : broken[name];
    return expected ? [`${name}: expected ${expected}, got ${shown(given(name), isSecret)}`] : [];
  });
  if (complaints.length > 0) throw new ConfigError(complaints.join('\n'));
  return values;
}

function shown(value: string | undefined, isSecret: boolean): string {
  if (value === undefined) return 'nothing';
  return isSecret ? `a secret of ${value.length} characters` : JSON.stringify(value);
}
