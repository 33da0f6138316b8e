/** Which journey comes next, and how many requests a journey stands for. */
import type { Weighted } from './journeys.ts';

/** Requests of a mean journey: a rate of requests over this is the rate of journeys. */
export function requestsPerJourney(journeys: readonly Weighted[]): number {
  const weights = sum(journeys.map(({ weight }) => weight));
  return sum(journeys.map(({ weight, requests }) => weight * requests)) / weights;
}

/**
 * Journey number `index`. Not drawn but dealt: the one that is most behind its share comes next, so that even a short run
 * holds the mix, and with it the asked rate, closely. Dealt once for a whole round (the sum of the weights), then again.
 */
export function dealer(journeys: readonly Weighted[]): (index: number) => Weighted {
  const total = sum(journeys.map(({ weight }) => weight));
  if (!(total > 0) || !Number.isInteger(total))
    throw new RangeError(`expected whole weights above 0 in all, got a sum of ${total}`);
  const round: Weighted[] = [];
  const credit = journeys.map(() => 0);
  for (let turn = 0; turn < total; turn += 1) {
    let chosen = 0;
    for (let at = 0; at < journeys.length; at += 1) {
      credit[at] = (credit[at] ?? 0) + (journeys[at]?.weight ?? 0);
      if ((credit[at] ?? 0) > (credit[chosen] ?? 0)) chosen = at;
    }
    credit[chosen] = (credit[chosen] ?? 0) - total;
    const next = journeys[chosen];
    if (next) round.push(next);
  }
  return (index) => {
    const next = round[index % total];
    if (!next) throw new RangeError(`expected a whole number from 0, got ${index}`);
    return next;
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
