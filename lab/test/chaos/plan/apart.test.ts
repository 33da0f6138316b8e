import { beforeAll, describe, expect, test } from 'vitest';
import type { Experiment } from '../../../src/chaos/experiment/schema.ts';
import { type Apart, apartBecause } from '../../../src/chaos/plan/apart.ts';
import { type Facts, namedAlerts, promisedAlerts } from '../../../src/chaos/plan/facts.ts';
import { experiment, facts as nothing } from '../scripted-lab.ts';
import { realFacts } from './real-facts.ts';

const must = (alert: string, changes = {}) => ({ alert, needs: {}, within: '4m', ...changes });
const one = (changes: Record<string, unknown> = {}) =>
  experiment('one', { alerts: { must: [must('WorkerDown')] }, ...changes });
const other = (changes: Record<string, unknown> = {}) =>
  experiment('other', { alerts: { must: [must('Deadlocks')] }, ...changes });
const because = (reason: Apart['because'], ...what: string[]) => ({ because: reason, what });
const mayRaise = (...alerts: string[]) => [{ alerts, because: 'a side effect of it' }];

describe('two experiments run side by side', () => {
  test('where nothing that they declare touches', () => {
    expect(apartBecause(one(), other(), nothing)).toBeUndefined();
  });

  test('where they share a side effect: either explains it', () => {
    const sharing = { alerts: { must: [must('WorkerDown')], may: mayRaise('ErrorLogSurge') } };
    const alsoSharing = { alerts: { must: [must('Deadlocks')], may: mayRaise('ErrorLogSurge') } };
    expect(apartBecause(one(sharing), other(alsoSharing), nothing)).toBeUndefined();
  });
});

describe('two experiments are kept apart', () => {
  test.each<[string, Experiment, Experiment, Partial<Facts>, Apart]>([
    ['where one needs the lab for itself', one({ alone: true }), other(), {}, because('alone', 'one')],
    [
      'where one is what the others are compared with',
      one({ method: [], holds: '1m' }),
      other(),
      {},
      because('nothing-done', 'one'),
    ],
    [
      'where both act on a part',
      one(),
      other(),
      { touches: ({ name }) => (name === 'one' ? ['worker', 'api'] : ['api']) },
      because('part', 'api'),
    ],
    [
      'where one changes the load',
      one({ method: [{ do: 'traffic', factor: 3 }] }),
      other(),
      {},
      because('traffic', 'one'),
    ],
    [
      'where one promises what the other promises',
      one(),
      other({ alerts: { must: [must('WorkerDown')] } }),
      {},
      because('alert', 'WorkerDown'),
    ],
    [
      'where one promises what is a side effect of the other',
      one(),
      other({ alerts: { must: [must('Deadlocks')], may: mayRaise('WorkerDown') } }),
      {},
      because('alert', 'WorkerDown'),
    ],
    [
      'where users lose by one of them',
      one(),
      other({ alerts: { must: [must('Deadlocks')], may: mayRaise('ErrorBudgetBurn1h') } }),
      { spendsBudget: (alert) => alert === 'ErrorBudgetBurn1h' },
      because('budget', 'ErrorBudgetBurn1h'),
    ],
    [
      'where an alert of one hides an awaited message of the other',
      one(),
      other(),
      { inhibits: (source, target) => source === 'WorkerDown' && target === 'Deadlocks' },
      because('inhibition', 'Deadlocks'),
    ],
    [
      'where one takes away the part through which the other is seen',
      one({ method: [{ do: 'stop', part: 'postgres-exporter' }] }),
      other(),
      { seenThrough: (alert) => (alert === 'Deadlocks' ? ['postgres-exporter'] : []) },
      because('taken-away', 'postgres-exporter'),
    ],
    [
      'where one takes away a part that the other needs at a distance',
      one({ method: [{ do: 'kill', part: 'postgres' }] }),
      other(),
      {
        touches: ({ name }) => (name === 'other' ? ['web'] : ['postgres']),
        needs: (part) => (part === 'web' ? ['api', 'postgres'] : []),
      },
      because('taken-away', 'postgres'),
    ],
    [
      'where one takes away a part and nobody knows how the other is seen',
      one({ method: [{ do: 'freeze', part: 'worker', seconds: 3 }] }),
      other(),
      { seenThrough: () => undefined },
      because('taken-away', 'worker'),
    ],
    [
      'where one loses what the other promises to keep',
      one({ loses: { logs: { because: 'the disk they lay on is gone' } } }),
      other(),
      {},
      because('losses', 'one'),
    ],
  ])('%s', (_, a, b, changes, reason) => {
    const given = { ...nothing, ...changes };
    expect(apartBecause(a, b, given)).toEqual(reason);
    expect(apartBecause(b, a, given)).toEqual(reason);
  });

  test('not where a message that nobody awaits is hidden', () => {
    const hidden = must('Deadlocks', { inbox: 'hidden', because: 'another one hides it anyway' });
    const given = { ...nothing, inhibits: () => true };
    const quiet = one({ alerts: {} });
    expect(apartBecause(quiet, other({ alerts: { must: [hidden] } }), given)).toBeUndefined();
  });
});

describe('the experiments as they are', () => {
  let experiments: Experiment[];
  let facts: Facts;
  beforeAll(async () => {
    ({ experiments, facts } = await realFacts());
  });
  const find = (name: string) => {
    const found = experiments.find((each) => each.name === name);
    if (!found) throw new Error(`expected an experiment ${name}`);
    return found;
  };
  const reason = (a: string, b: string) => apartBecause(find(a), find(b), facts)?.because;

  test.each([
    ['worker-backlog', 'browser-slow'],
    ['long-transaction', 'log-files-moved'],
    ['memory-leak', 'long-transaction'],
    ['blackbox-exporter-stopped', 'deadlocks'],
  ])('%s and %s run side by side', (a, b) => {
    expect(reason(a, b)).toBeUndefined();
  });

  test.each<[string, string, Apart['because']]>([
    ['postgres-exporter-stopped', 'deadlocks', 'taken-away'],
    ['api-errors', 'worker-stopped', 'budget'],
    ['worker-backlog', 'worker-stopped', 'part'],
    ['connections-used-up', 'postgres-exporter-stopped', 'alert'],
    ['rules-broken', 'deadlocks', 'alone'],
    ['memory-leak', 'worker-stopped', 'inhibition'],
    ['control', 'deadlocks', 'nothing-done'],
    ['traffic-spike', 'deadlocks', 'traffic'],
  ])('%s and %s do not: %s', (a, b, why) => {
    expect(reason(a, b)).toBe(why);
  });

  test('have one answer for each pair, whichever is asked for first, with what it is about', () => {
    for (const a of experiments)
      for (const b of experiments) {
        if (a === b) continue;
        const apart = apartBecause(a, b, facts);
        expect(apartBecause(b, a, facts)).toEqual(apart);
        if (apart) expect(apart.what.length).toBeGreaterThan(0);
        else {
          expect(promisedAlerts(a).filter((alert) => namedAlerts(b).includes(alert))).toEqual([]);
          expect(facts.touches(a).filter((part) => facts.touches(b).includes(part))).toEqual([]);
        }
      }
  });

  test('never run beside themselves, once they promise anything', () => {
    for (const each of experiments) expect(apartBecause(each, each, facts)).toBeDefined();
  });
});

test('a run that promises no alert asks Prometheus nothing: it refuses a selector of nothing', async () => {
  const { experiments, facts } = await realFacts(['control']);
  expect(experiments.map((each) => facts.expectedMs(each))).toEqual([30_000]);
});
