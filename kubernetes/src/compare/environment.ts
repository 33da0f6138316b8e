/** Compares the variables that a program is given. */
import { type Part, withDefaults } from '@lab/manifest';
import { environmentOf, type PlacedContainer, referredVariables } from '../placed-container.ts';
import type { Difference } from './difference.ts';

/** @param addressOf turns `jaeger:4318` into what a pod of the container's namespace calls it. */
export function differencesOfEnvironment(
  { name, compose }: Part,
  { container }: PlacedContainer,
  addressOf: (text: string) => string,
): Difference[] {
  const given = environmentOf(container);
  const helpers = referredVariables(container);
  const wanted = new Map(
    Object.entries(compose.environment ?? {}).map(([variable, value]) => [
      variable,
      addressOf(withDefaults(String(value))),
    ]),
  );
  const names = new Set([...wanted.keys(), ...given.keys()]);
  return [...names].flatMap((variable) => {
    const [expected, found] = [wanted.get(variable), given.get(variable)];
    if (expected === found || (expected === undefined && helpers.has(variable))) return [];
    const show = (value: string | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value));
    return [
      {
        part: name,
        fact: `environment ${variable}`,
        detail: `expected ${show(expected)}, got ${show(found)}`,
      },
    ];
  });
}
