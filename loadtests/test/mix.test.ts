import { describe, expect, it } from 'vitest';
import { JOURNEYS } from '../journeys/journeys.ts';
import { dealer, requestsPerJourney } from '../journeys/mix.ts';
import type { Answer, Step } from '../journeys/step.ts';

const person = { account: { email: 'a@load.invalid', password: 'right' }, random: () => 0.5 };
const task = { id: '0197', version: 1 };

/** Walks a journey with answers made by `answerTo`; returns its requests. */
function requestsOf(journey: Generator<Step, void, Answer | undefined>, answerTo: (step: Step) => Answer) {
  const requests: Extract<Step, { kind: 'request' }>[] = [];
  let answer: Answer | undefined;
  for (let next = journey.next(); !next.done; next = journey.next(answer)) {
    answer = undefined;
    if (next.value.kind !== 'request') continue;
    requests.push(next.value);
    answer = answerTo(next.value);
  }
  return requests;
}

describe('each journey', () => {
  it.each(JOURNEYS)('$name sends the number of requests that it stands for', ({ journey, requests }) => {
    const answered = requestsOf(journey(person), (step) =>
      step.kind === 'request'
        ? { status: step.expect, body: { ...task, items: [task] } }
        : { status: 0, body: null },
    );
    expect(answered).toHaveLength(requests);
  });

  it.each(JOURNEYS)('$name ends, without an error, when nothing is answered', ({ journey }) => {
    expect(requestsOf(journey(person), () => ({ status: 0, body: undefined })).length).toBeGreaterThan(0);
  });

  it.each(JOURNEYS)(
    '$name ends, without an error, when answers are not what they should be',
    ({ journey }) => {
      for (const body of [null, 'text', [], { items: 'none' }, { items: [null] }, { id: 7 }])
        expect(() => requestsOf(journey(person), () => ({ status: 200, body }))).not.toThrow();
    },
  );

  it.each(JOURNEYS)('$name names its routes by templates: no id, no query', ({ journey }) => {
    for (const { route } of requestsOf(journey(person), () => ({
      status: 200,
      body: { ...task, items: [task] },
    })))
      expect(route).toMatch(/^\/$|^\/api\/v1\/(users\/(me|login)|tasks(\/:id(\/complete)?)?)$/);
  });
});

describe('the mix', () => {
  it('holds the weights in every round, and closely in any part of one', () => {
    const deal = dealer(JOURNEYS);
    const perJourney = requestsPerJourney(JOURNEYS);
    let requests = 0;
    const counts = new Map<string, number>();
    for (let index = 0; index < 300; index += 1) {
      const { name, requests: many } = deal(index);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      requests += many;
      // However far it is: less than two journeys' requests from what a rate of requests asks for.
      expect(Math.abs(requests - (index + 1) * perJourney)).toBeLessThan(2 * perJourney);
    }
    expect(counts).toEqual(new Map(JOURNEYS.map(({ name, weight }) => [name, weight * 3])));
  });

  it('refuses weights that are no whole numbers above 0', () => {
    const [first] = JOURNEYS;
    if (!first) throw new Error('expected journeys');
    for (const weight of [0, -1, 0.5, Number.NaN])
      expect(() => dealer([{ ...first, weight }])).toThrow(RangeError);
  });
});
