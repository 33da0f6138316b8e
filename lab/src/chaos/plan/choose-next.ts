/** Which experiments begin next: one that may begin beside what earlier ones are still waiting for, and those that run side by side with it. */
import type { Experiment } from '../experiment/schema.ts';
import { type Apart, apartBecause } from './apart.ts';
import { deliveredAlerts, type Facts, namedAlerts, promisedAlerts } from './facts.ts';

/** An experiment that has healed, as far as it still matters. */
export interface Former {
  /** Undefined: a run before this one. */
  experiment: Experiment | undefined;
  /** It still waits for promised ends or messages. */
  open: boolean;
  /** Its alerts that are pending or firing, or of which the inbox has not heard the end. */
  unfinished: ReadonlySet<string>;
}

export interface Choice {
  waiting: readonly Experiment[];
  formers: readonly Former[];
  facts: Facts;
  /** How many may run side by side. */
  lanes: number;
  /** Pairs that have turned out to disturb each other in this run. */
  disturbed(one: Experiment, other: Experiment): boolean;
}

/** Partners that last much longer would only be waited for. */
const LONGER = 1.25;
const LONGER_MS = 5_000;

/** Returns those to begin together now; none where all have to wait. */
export function chooseNext(choice: Choice): Experiment[] {
  const { waiting, formers, facts, lanes } = choice;
  const ready = byUrgency(choice).filter((each) => mayBegin(each, formers, facts));
  const [first] = ready;
  if (!first) return [];
  const chosen = [first];
  const longest = facts.expectedMs(first) * LONGER + LONGER_MS;
  const partners = ready
    .slice(1)
    .filter((each) => facts.expectedMs(each) <= longest)
    .toSorted((a, b) => facts.expectedMs(b) - facts.expectedMs(a));
  for (const partner of partners) {
    if (chosen.length >= lanes) break;
    if (chosen.every((each) => reasonApart(each, partner, choice) === undefined)) chosen.push(partner);
  }
  return chosen.toSorted((a, b) => waiting.indexOf(a) - waiting.indexOf(b));
}

/** Returns why two that wait are not run side by side; undefined where they may be. */
export function reasonApart(
  one: Experiment,
  other: Experiment,
  { facts, disturbed }: Pick<Choice, 'facts' | 'disturbed'>,
): Apart | undefined {
  if (disturbed(one, other)) return { because: 'disturbed', what: [one.name, other.name].sort() };
  return apartBecause(one, other, facts);
}

/**
 * Whether an experiment may begin. What an open one still waits to end must not be made to go on, nor a message be held back; and an
 * alert that fires again before Alertmanager could tell of its end never ended: no message is sent.
 */
export function mayBegin(experiment: Experiment, formers: readonly Former[], facts: Facts): boolean {
  const named = namedAlerts(experiment);
  const promised = promisedAlerts(experiment);
  const delivered = deliveredAlerts(experiment);
  return formers.every(({ experiment: former, open, unfinished }) => {
    if (experiment.alone && (open || unfinished.size > 0)) return false;
    const left = [...unfinished];
    if (promised.some((alert) => unfinished.has(alert))) return false;
    if (left.some((source) => delivered.some((target) => facts.inhibits(source, target)))) return false;
    if (!open || !former) return true;
    const awaited = promisedAlerts(former).filter((alert) => unfinished.has(alert));
    const messages = deliveredAlerts(former).filter((alert) => unfinished.has(alert));
    return !named.some(
      (alert) => awaited.includes(alert) || messages.some((target) => facts.inhibits(alert, target)),
    );
  });
}

/**
 * Those first that need the lab for themselves, for it is theirs now or has to be waited for: of these the one whose last message takes
 * longest, while which others may begin. Then those that many others have to wait for, so that what gets in nobody's way is left to fill
 * the waits.
 */
function byUrgency({ waiting, facts }: Choice): Experiment[] {
  const inTheWay = new Map(
    waiting.map((each) => [
      each,
      waiting.filter((other) => other !== each && getsInTheWay(each, other)).length,
    ]),
  );
  return waiting.toSorted(
    (a, b) =>
      Number(b.alone) - Number(a.alone) ||
      (a.alone ? b.resolves - a.resolves : 0) ||
      (inTheWay.get(b) ?? 0) - (inTheWay.get(a) ?? 0) ||
      facts.expectedMs(b) - facts.expectedMs(a) ||
      a.order - b.order,
  );
}

function getsInTheWay(one: Experiment, other: Experiment): boolean {
  const clash = (a: Experiment, b: Experiment) => {
    const named = namedAlerts(b);
    return promisedAlerts(a).some((alert) => named.includes(alert));
  };
  return clash(one, other) || clash(other, one);
}
