/**
 * Whether two experiments may run side by side: begun in the same moment on a calm lab, and undone together. Derived from what they
 * declare; each answer carries its reason as data.
 */
import type { Experiment } from '../experiment/schema.ts';
import { deliveredAlerts, type Facts, namedAlerts, promisedAlerts } from './facts.ts';

/** Why two experiments are kept apart, and by what. */
export interface Apart {
  because:
    | 'alone'
    | 'nothing-done'
    | 'part'
    | 'traffic'
    | 'alert'
    | 'budget'
    | 'inhibition'
    | 'taken-away'
    | 'losses'
    | 'disturbed';
  /** The experiments, parts or alerts that it is about. */
  what: readonly string[];
}

/** Returns undefined where they may run side by side. The order of the two makes no difference. */
export function apartBecause(one: Experiment, other: Experiment, facts: Facts): Apart | undefined {
  const both = [one, other];
  const pairs = [
    [one, other],
    [other, one],
  ] as const;
  const namesOf = (some: readonly Experiment[]) => some.map(({ name }) => name);
  const found: [Apart['because'], readonly string[]][] = [
    // It breaks what all are judged by.
    ['alone', namesOf(both.filter(({ alone }) => alone))],
    // The others are compared with it.
    ['nothing-done', namesOf(both.filter(({ method }) => method.length === 0))],
    ['part', shared(facts.touches(one), facts.touches(other))],
    // Shares, bands and minimum traffic of everybody's rules depend on the load.
    ['traffic', namesOf(both.filter(({ method }) => method.some((action) => action.do === 'traffic')))],
    // Nobody could tell whose alert it was.
    ['alert', pairs.flatMap(([a, b]) => shared(promisedAlerts(a), namedAlerts(b)))],
    // What users notice could not be told apart.
    ['budget', both.flatMap((each) => namedAlerts(each).filter(facts.spendsBudget))],
    [
      'inhibition',
      pairs.flatMap(([a, b]) =>
        deliveredAlerts(b).filter((target) =>
          namedAlerts(a).some((source) => facts.inhibits(source, target)),
        ),
      ),
    ],
    ['taken-away', pairs.flatMap(([a, b]) => takenAway(a, b, facts))],
    ['losses', namesOf(both.filter(({ loses }) => Object.values(loses).some((loss) => loss !== 'nothing')))],
  ];
  const [reason] = found.filter(([, what]) => what.length > 0);
  return reason && { because: reason[0], what: [...new Set(reason[1])].sort() };
}

/** Parts that one stops, kills or freezes, and that the other acts on or is seen through, at whatever distance. */
function takenAway(one: Experiment, other: Experiment, facts: Facts): string[] {
  const gone = one.method.flatMap((action) => ('part' in action ? [action.part] : []));
  if (gone.length === 0) return [];
  const seen = promisedAlerts(other).map(facts.seenThrough);
  // What is not known to be seen through another part may be.
  if (seen.includes(undefined)) return gone;
  const used = [...facts.touches(other), ...seen.flatMap((parts) => parts ?? [])];
  return gone.filter((part) => used.some((each) => each === part || facts.needs(each).includes(part)));
}

function shared(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((each) => others.includes(each));
}
