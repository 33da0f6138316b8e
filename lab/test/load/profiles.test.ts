import { describe, expect, it } from 'vitest';
import { CannotRun } from '../../src/cli/failure.ts';
import {
  type Plan,
  parseProfiles,
  planOf,
  rateAt,
  readProfiles,
  requestsAsked,
  secondsOf,
} from '../../src/load/profiles.ts';

const profiles = readProfiles();

function stagesOf(plan: Plan) {
  if (!('stages' in plan)) throw new Error('expected a profile with stages');
  return plan.stages;
}

describe('the profiles of this repository', () => {
  it('are the ones that the documents name', () => {
    expect(Object.keys(profiles.profiles)).toEqual([
      'smoke',
      'average',
      'stress',
      'spike',
      'soak',
      'breakpoint',
    ]);
  });

  it.each(['smoke', 'average', 'stress', 'spike', 'soak'])(
    '%s asks for requests in every stage',
    (profile) => {
      const stages = stagesOf(planOf(profiles, { profile }));
      expect(stages.every(({ from, to, seconds }) => from + to > 0 && seconds > 0)).toBe(true);
    },
  );

  it('go on where the stage before ended', () => {
    const stages = stagesOf(planOf(profiles, { profile: 'spike' }));
    for (const [index, stage] of stages.entries())
      expect(stage.from).toBe(index === 0 ? 20 : stages[index - 1]?.to);
  });
});

describe('RATE and DURATION', () => {
  it('replace the rate and stretch the stages in proportion', () => {
    const plain = stagesOf(planOf(profiles, {}));
    const wished = stagesOf(planOf(profiles, { rate: '200', duration: '1m' }));
    expect(secondsOf(wished)).toBeCloseTo(60);
    expect(rateAt(wished, 59)).toBe(200);
    expect(wished.map(({ seconds }) => seconds / 60)).toEqual(
      plain.map(({ seconds }) => seconds / secondsOf(plain)),
    );
  });

  it('are the first step and the length of each in a search', () => {
    const plan = planOf(profiles, { profile: 'breakpoint', rate: '10', duration: '4s' });
    expect(plan).toMatchObject({ search: { rate: 10, stepSeconds: 4, settleSeconds: 2 } });
  });

  it.each(['-5', '0', '1e3', 'NaN', 'fast', '', '100001', ' 5'])('refuse the rate %j in one line', (rate) => {
    expect(() => planOf(profiles, { rate })).toThrow(CannotRun);
    expect(() => planOf(profiles, { rate })).toThrow(/^RATE=.*: expected requests a second[^\n]*$/);
  });

  it.each(['banana', '-1m', '0s', '', '10', '8d', '5ms'])(
    'refuse the duration %j in one line',
    (duration) => {
      expect(() => planOf(profiles, { duration })).toThrow(/^DURATION=.*: expected a duration[^\n]*$/);
    },
  );

  it.each(['nope', '__proto__', 'constructor', 'Smoke'])(
    'an unknown profile %s is answered with the known ones',
    (profile) => {
      expect(() => planOf(profiles, { profile })).toThrow(
        `unknown profile ${JSON.stringify(profile)}: expected one of smoke, average, stress, spike, soak, breakpoint`,
      );
    },
  );
});

describe('stages', () => {
  const stages = [
    { seconds: 10, from: 0, to: 20 },
    { seconds: 5, from: 20, to: 20 },
  ];

  it.each([
    [0, 0],
    [5, 10],
    [10, 20],
    [14.9, 20],
    [15, 0],
    [99, 0],
  ])('ask at %d s for %d requests a second', (at, rate) => {
    expect(rateAt(stages, at)).toBe(rate);
  });

  it('ask in all for the area below their line', () => {
    expect(requestsAsked(stages)).toBe(200);
  });
});

describe('a profiles file', () => {
  const valid = `
accounts: 2
traceRatio: 0.5
profiles:
  smoke: { purpose: x, rate: 1, stages: [{ for: 1s }] }`;

  it.each([
    ['an unknown key', valid.replace('purpose: x', 'purpose: x, ramp: 1'), 'smoke'],
    ['a stage without a length', valid.replace('for: 1s', 'to: 1'), 'smoke'],
    ['a negative rate', valid.replace('rate: 1', 'rate: -1'), 'smoke'],
    ['no account', valid.replace('accounts: 2', 'accounts: 0'), 'accounts'],
    ['a share above 1', valid.replace('0.5', '2'), 'traceRatio'],
  ])('with %s is refused, naming where', (_, text, where) => {
    expect(() => parseProfiles(valid)).not.toThrow();
    expect(() => parseProfiles(text)).toThrow(where);
  });
});
