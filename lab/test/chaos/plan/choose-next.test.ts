import { beforeAll, describe, expect, test } from 'vitest';
import type { Experiment } from '../../../src/chaos/experiment/schema.ts';
import { apartBecause } from '../../../src/chaos/plan/apart.ts';
import { type Choice, chooseNext, type Former, mayBegin } from '../../../src/chaos/plan/choose-next.ts';
import { type Facts, namedAlerts, promisedAlerts } from '../../../src/chaos/plan/facts.ts';
import { experiment, facts as nothing } from '../scripted-lab.ts';
import { realFacts } from './real-facts.ts';

const must = (alert: string) => ({ alert, needs: {}, within: '4m' });
const of = (name: string, alert: string, changes: Record<string, unknown> = {}) =>
  experiment(name, { alerts: { must: [must(alert)] }, ...changes });
const former = (each: Experiment | undefined, unfinished: string[], open = true): Former => ({
  experiment: each,
  open,
  unfinished: new Set(unfinished),
});

describe('an experiment may begin', () => {
  const first = of('first', 'HighErrorRate', {
    alerts: {
      must: [must('HighErrorRate')],
      may: [{ alerts: ['SlowAPIResponse'], because: 'it is slow as well' }],
    },
  });
  const alone = of('alone', 'Deadlocks', { alone: true });

  test.each<[string, Experiment, Former, boolean]>([
    ['beside one that waits for other alerts', of('x', 'Deadlocks'), former(first, ['HighErrorRate']), true],
    [
      'not while it would keep a promised alert going',
      of('x', 'HighErrorRate'),
      former(first, ['HighErrorRate']),
      false,
    ],
    [
      'not while a side effect lasts that it promises',
      of('x', 'SlowAPIResponse'),
      former(first, ['SlowAPIResponse']),
      false,
    ],
    ['where that side effect never came', of('x', 'SlowAPIResponse'), former(first, ['HighErrorRate']), true],
    [
      'not before the inbox has heard of the end of what it promises, whoever began it',
      of('x', 'Deadlocks'),
      former(undefined, ['Deadlocks'], false),
      false,
    ],
    ['not where it needs the lab for itself and one is open', alone, former(first, []), false],
    [
      'not where it needs the lab for itself and a message is due',
      alone,
      former(first, ['SlowAPIResponse'], false),
      false,
    ],
    ['by itself after everything is told', alone, former(first, [], false), true],
  ])('%s', (_, candidate, earlier, expected) => {
    expect(mayBegin(candidate, [earlier], nothing)).toBe(expected);
  });

  test('not while its alerts would hide an awaited message, nor while its own would be hidden', () => {
    const hides = (source: string, target: string): Facts => ({
      ...nothing,
      inhibits: (a, b) => a === source && b === target,
    });
    const candidate = of('x', 'Deadlocks');
    const earlier = [former(first, ['HighErrorRate'])];
    expect(mayBegin(candidate, earlier, hides('Deadlocks', 'HighErrorRate'))).toBe(false);
    expect(mayBegin(candidate, earlier, hides('HighErrorRate', 'Deadlocks'))).toBe(false);
    expect(mayBegin(candidate, earlier, hides('Deadlocks', 'SlowAPIResponse'))).toBe(true);
  });
});

describe('those that begin together', () => {
  const choice = (waiting: Experiment[], changes: Partial<Choice> = {}): Choice => ({
    waiting,
    formers: [],
    facts: nothing,
    lanes: 3,
    disturbed: () => false,
    ...changes,
  });
  const names = (some: Experiment[]) => some.map(({ name }) => name);
  const four = [of('a', 'Deadlocks'), of('b', 'WorkerDown'), of('c', 'ApiDown'), of('d', 'WebDown')];

  test('are as many as there are lanes', () => {
    expect(names(chooseNext(choice(four)))).toEqual(['a', 'b', 'c']);
    expect(names(chooseNext(choice(four, { lanes: 1 })))).toEqual(['a']);
  });

  test('are none that disturbed each other before', () => {
    const disturbed = (one: Experiment, other: Experiment) => names([one, other]).sort().join() === 'a,b';
    expect(names(chooseNext(choice(four, { disturbed })))).toEqual(['a', 'c', 'd']);
  });

  test('are one alone where it needs the lab for itself, first of all', () => {
    const alone = of('z', 'KibanaDown', { alone: true });
    expect(names(chooseNext(choice([...four, alone])))).toEqual(['z']);
  });

  test('are not made to wait for one that lasts much longer', () => {
    const expectedMs = ({ name }: Experiment) => (name === 'b' ? 60_000 : 10_000);
    expect(names(chooseNext(choice(four, { facts: { ...nothing, expectedMs } })))).toEqual(
      ['b', 'a', 'c'].sort(),
    );
    const blocked = [former(of('f', 'WorkerDown'), ['WorkerDown'])];
    expect(names(chooseNext(choice(four, { facts: { ...nothing, expectedMs }, formers: blocked })))).toEqual([
      'a',
      'c',
      'd',
    ]);
  });

  test('are none where all have to wait', () => {
    expect(chooseNext(choice([of('a', 'Deadlocks')], { formers: [former(four[0], ['Deadlocks'])] }))).toEqual(
      [],
    );
  });
});

/** Numbers that look random and are the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

describe('the experiments as they are, in runs of any order', () => {
  let experiments: Experiment[];
  let facts: Facts;
  beforeAll(async () => {
    ({ experiments, facts } = await realFacts());
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'seed %i: each runs once, and never beside one that touches it',
    (seed) => {
      const next = random(seed);
      const pick = <T>(some: readonly T[]) => some.filter(() => next() < 0.5);
      let waiting = experiments.toSorted(() => next() - 0.5).slice(0, 5 + Math.floor(next() * 35));
      const lanes = 1 + Math.floor(next() * 4);
      const wanted = waiting.map(({ name }) => name).sort();
      const begun: string[] = [];
      let formers: Former[] = [];
      for (let step = 0; waiting.length > 0; step += 1) {
        expect(step).toBeLessThan(2000);
        const chosen = chooseNext({ waiting, formers, facts, lanes, disturbed: () => false });
        expect(chosen.length).toBeLessThanOrEqual(lanes);
        for (const each of chosen) {
          expect(mayBegin(each, formers, facts)).toBe(true);
          for (const { experiment: earlier, open, unfinished } of formers) {
            expect(promisedAlerts(each).filter((alert) => unfinished.has(alert))).toEqual([]);
            if (open && earlier)
              expect(
                promisedAlerts(earlier).filter(
                  (alert) => unfinished.has(alert) && namedAlerts(each).includes(alert),
                ),
              ).toEqual([]);
          }
          for (const other of chosen)
            if (other !== each) expect(apartBecause(each, other, facts)).toBeUndefined();
          begun.push(each.name);
        }
        waiting = waiting.filter((each) => !chosen.includes(each));
        // Some of what is left ends, and what was begun leaves something of its own.
        const left = formers.map((each) => ({
          ...each,
          open: each.open && next() < 0.6,
          unfinished: new Set(pick([...each.unfinished])),
        }));
        const begins = chosen.map((each) =>
          former(each, [...promisedAlerts(each), ...pick(namedAlerts(each))]),
        );
        formers = [...left, ...begins];
      }
      expect(begun.sort()).toEqual(wanted);
    },
  );

  test('with three lanes, at least a dozen run side by side with another', () => {
    const beside = new Set<string>();
    let waiting = experiments;
    while (waiting.length > 0) {
      const chosen = chooseNext({ waiting, formers: [], facts, lanes: 3, disturbed: () => false });
      if (chosen.length > 1) for (const { name } of chosen) beside.add(name);
      waiting = waiting.filter((each) => !chosen.includes(each));
    }
    expect(beside.size).toBeGreaterThanOrEqual(12);
  });
});
