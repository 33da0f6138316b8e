import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../src/chaos/contract/judge.ts';
import type { Experiment } from '../../src/chaos/experiment/schema.ts';
import type { SuiteHooks } from '../../src/chaos/run/run-suite.ts';
import { type AlertScript, experiment, type LabScript, type Played, play, QUIET } from './scripted-lab.ts';

const WELL: LabScript = {
  alerts: { HighErrorRate: { firesAfter: 21, inboxAfter: 24, endsAfter: 23, overAfter: 30 } },
};

function only({ result }: Played): Judgement {
  const [first] = result.experiments;
  if (!first) throw new Error('expected an experiment to be judged');
  return first.judgement;
}

const brokenOf = (played: Played) =>
  only(played)
    .promises.filter(({ kept }) => !kept)
    .map(({ text }) => text);

describe('an experiment', () => {
  test('keeps its promises when the alert fires, arrives and resolves in time', async () => {
    const played = await play(WELL);
    expect(only(played)).toMatchObject({ verdict: 'kept', falseAlarms: [] });
    expect(only(played).alerts).toMatchObject([
      { name: 'HighErrorRate', theoreticalMinimumSeconds: 20, theoreticalInboxSeconds: 23, kept: true },
    ]);
    const [alert] = only(played).alerts;
    expect(alert?.firedAfterSeconds).toBeCloseTo(21, 0);
    expect(alert?.inboxAfterSeconds).toBeCloseTo(24, 0);
    expect(alert?.resolvedAfterSeconds).toBeCloseTo(23, 0);
    expect(alert?.resolvedMessageAfterSeconds).toBeCloseTo(30, 0);
    expect(played.lab.done).toEqual(['fault', 'clear-faults']);
  });

  test('hands its rollbacks to the guardian before the method, and takes them back when they are done', async () => {
    const { lab } = await play(WELL);
    expect(lab.entrusted).toEqual([[{ undo: 'clear-faults', service: 'api' }], []]);
  });

  test.each<[string, LabScript, string]>([
    ['never fires', { alerts: {} }, 'HighErrorRate fires'],
    ['fires too late', { alerts: { HighErrorRate: { firesAfter: 32 } } }, 'HighErrorRate fires'],
    [
      'is never delivered',
      { alerts: { HighErrorRate: { firesAfter: 21, inboxAfter: undefined } } },
      'HighErrorRate reaches the inbox',
    ],
    [
      'is delivered too late',
      { alerts: { HighErrorRate: { firesAfter: 21, inboxAfter: 40 } } },
      'HighErrorRate reaches the inbox',
    ],
    [
      'never resolves',
      { alerts: { HighErrorRate: { firesAfter: 21, endsAfter: 10_000, overAfter: 30 } } },
      'HighErrorRate resolves',
    ],
    [
      'resolves without a message',
      { alerts: { HighErrorRate: { firesAfter: 21, overAfter: undefined } } },
      'the inbox hears that HighErrorRate is over',
    ],
  ])('is broken when the alert %s', async (_, script, promise) => {
    const played = await play(script);
    expect(only(played).verdict).toBe('broken');
    expect(brokenOf(played)).toContain(promise);
    expect(played.lab.done).toContain('clear-faults');
  });

  test('is broken when an alert fires that nothing expects, and names it', async () => {
    const played = await play({ alerts: { ...WELL.alerts, DatabaseDown: { firesAfter: 5 } } });
    expect(only(played)).toMatchObject({ verdict: 'broken', falseAlarms: ['DatabaseDown'] });
    expect(brokenOf(played)).toEqual(['every other alert stays silent']);
  });

  test('is kept when a side effect fires that its file explains', async () => {
    const played = await play({ alerts: { ...WELL.alerts, ErrorLogSurge: { firesAfter: 15 } } });
    expect(only(played).verdict).toBe('kept');
    expect(only(played).alerts).toContainEqual(
      expect.objectContaining({ name: 'ErrorLogSurge', expected: 'may-fire', kept: true }),
    );
  });

  test.each<[string, Record<string, unknown>, AlertScript, number]>([
    ['the inbox has heard that it is over', {}, { firesAfter: 15, overAfter: 45 }, 45],
    [
      'the last try to tell of it is over, where the way was broken',
      { inbox: 'late', because: 'the way is broken' },
      { firesAfter: 15, inboxAfter: undefined, endsAfter: 10, overAfter: undefined },
      40,
    ],
    [
      'no more than two intervals have passed without word of its end',
      {},
      { firesAfter: 15, overAfter: undefined },
      30 + 60,
    ],
  ])(
    'keeps the next one that promises a side effect of its own waiting until %s',
    async (_, changes, sideEffect, after) => {
      const { alerts, ...rest } = experiment('errors');
      const must = alerts.must.map((each) => ({ ...each, ...changes }));
      const changed = { ...rest, alerts: { ...alerts, must } } as Experiment;
      const next = experiment('next', {
        hypothesis: [],
        alerts: { must: [{ alert: 'ErrorLogSurge', needs: {}, within: '4m' }] },
      });
      const { result } = await play({ alerts: { ...WELL.alerts, ErrorLogSurge: sideEffect } }, [
        changed,
        next,
      ]);
      const [first, second] = result.experiments;
      expect(((second?.record.beganAt ?? 0) - (first?.record.rollbackAt ?? 0)) / 1000).toBeCloseTo(after, 0);
      expect(first?.judgement.verdict).toBe('kept');
    },
  );

  test('does nothing on a lab whose hypothesis does not hold, and says what is off', async () => {
    const played = await play({ ...WELL, off: ['users get answers: expected at most 0.01, found 0.4'] });
    expect(only(played).verdict).toBe('inconclusive');
    expect(only(played).promises[0]?.observed).toContain('found 0.4');
    expect(played.lab.done).toEqual([]);
  });

  test('waits for an alert from before to end, and gives up where it does not', async () => {
    const played = await play({
      alerts: { CpuSaturated: { firesAfter: Number.NEGATIVE_INFINITY, endsAfter: 10_000 } },
    });
    expect(only(played)).toMatchObject({ verdict: 'inconclusive' });
    expect(only(played).promises[0]?.observed).toContain('CpuSaturated is firing');
  });

  test('begins beside a ticket that remembers days', async () => {
    const remembering = { firesAfter: Number.NEGATIVE_INFINITY, endsAfter: 100_000 };
    const played = await play({ alerts: { ...WELL.alerts, ErrorBudgetBurn3d: remembering } });
    expect(only(played).verdict).toBe('kept');
  });

  test('asks what was learned of the past before the method, and not again after it', async () => {
    const { lab } = await play(WELL);
    expect([...lab.asked.before]).toEqual(['users get answers', 'traffic is what was learned of it']);
    expect([...lab.asked.after]).toEqual(['users get answers']);
  });

  test('is broken when the hypothesis does not hold again', async () => {
    const played = await play({ ...WELL, healsAfter: undefined });
    expect(brokenOf(played)).toContain('the hypothesis holds again');
  });

  test('tries a rollback again that fails at first', async () => {
    const played = await play({ ...WELL, failingRollbacks: 2 });
    expect(only(played).verdict).toBe('kept');
    expect(played.lab.done).toEqual(['fault', 'clear-faults']);
  });

  test('leaves a rollback that keeps failing with the guardian, and is broken', async () => {
    const played = await play({ ...WELL, failingRollbacks: 99 });
    expect(only(played).verdict).toBe('broken');
    expect(only(played).promises[0]?.observed).toContain(
      'rollback clear-faults api failed: the stack is stubborn',
    );
    const left = [{ undo: 'clear-faults', service: 'api' }];
    expect(played.lab.entrusted.at(-1)).toEqual(left);
    expect(played.result.experiments[0]?.record.notUndone).toEqual(left);
  });

  test('rolls back when an action fails half-way, and is broken', async () => {
    const played = await play({ ...WELL, refusesAction: true });
    expect(only(played).verdict).toBe('broken');
    expect(only(played).promises[0]?.observed).toContain('the stack refused');
    expect(played.lab.done).toEqual(['fault', 'clear-faults']);
  });

  test('rolls back when it is interrupted, and its verdict says so', async () => {
    const interruption = new AbortController();
    const lab: LabScript = {
      alerts: {
        get HighErrorRate() {
          // The first look at alerts after the method: somebody presses Ctrl-C.
          setImmediate(() => interruption.abort(new Error('interrupted by SIGINT')));
          return { firesAfter: 21 };
        },
      },
    };
    const played = await play(lab, [experiment('errors', { hypothesis: [] })], interruption.signal);
    const [first] = played.result.experiments;
    expect(first?.judgement.verdict ?? 'interrupted').toBe('interrupted');
    expect(played.lab.done.filter((each) => each === 'fault').length).toBe(
      played.lab.done.filter((each) => each === 'clear-faults').length,
    );
  });

  test.each<[string, LabScript, string]>([
    ['a write', { losses: { writes: ['task 1 is gone'] } }, 'every acknowledged write can be read back'],
    ['a log line', { losses: { logs: ['1 line'] } }, 'every log line is where it can be searched'],
    ['a job', { losses: { jobs: ['1 job'] } }, 'every job is done or in the dead-letter queue'],
  ])('is broken when %s is lost', async (_, losses, promise) => {
    expect(brokenOf(await play({ ...WELL, ...losses }))).toEqual([promise]);
  });

  test('is kept when log lines are lost that its file gives up with a reason', async () => {
    const given = experiment('errors', { loses: { logs: { because: 'the disk they lay on is gone' } } });
    expect(only(await play({ ...WELL, losses: { logs: ['7 lines'] } }, [given])).verdict).toBe('kept');
  });

  test('is kept when it filled the panels that wait for it, each of them a promise', async () => {
    const played = await play({ ...WELL, shown: [{ where: 'panel "Firing now" of on-call' }] });
    expect(only(played).verdict).toBe('kept');
    expect(only(played).promises).toContainEqual({
      text: 'panel "Firing now" of on-call is filled by it',
      kept: true,
      expected: 'data',
      observed: 'data',
    });
  });

  test('is broken when a panel that waits for it stays empty, and names that panel alone', async () => {
    const shown = [
      { where: 'panel "Firing now" of on-call' },
      { where: 'annotation "Alerts" of database', empty: 'no data for ALERTS' },
    ];
    const played = await play({ ...WELL, shown });
    expect(only(played).verdict).toBe('broken');
    expect(brokenOf(played)).toEqual(['annotation "Alerts" of database is filled by it']);
  });

  test('of a game day owes no panel anything: it may be revealed before an alert fires', async () => {
    const script = { ...WELL, shown: [{ where: 'panel "Firing now" of on-call', empty: 'no data' }] };
    const revealed = { hold: Promise.resolve() };
    const played = await play(script, [experiment('errors')], new AbortController().signal, revealed);
    expect(brokenOf(played).filter((text) => text.includes('Firing now'))).toEqual([]);
  });

  test('is broken when users notice more than promised', async () => {
    expect(brokenOf(await play({ ...WELL, failedRequests: 31 }))).toEqual([
      'users notice no more errors than promised',
    ]);
  });

  test('of nothing is broken by whatever fires: the control', async () => {
    const control = experiment('control', { method: [], alerts: {}, holds: '5m' });
    expect(only(await play({}, [control])).verdict).toBe('kept');
  });

  test('goes on when Prometheus does not answer for a while', async () => {
    let looks = 0;
    const played = await play({ ...WELL, prometheusAnswers: () => ++looks % 3 !== 0 });
    expect(only(played).verdict).toBe('kept');
  });
});

describe('a suite', () => {
  test('begins the next experiment before the last message of the former, where they have no alert in common', async () => {
    const other = experiment('other', {
      alerts: { must: [{ alert: 'WorkerDown', needs: {}, within: '4m' }] },
    });
    const script: LabScript = {
      alerts: {
        HighErrorRate: { firesAfter: 21, endsAfter: 1, overAfter: 60 },
        WorkerDown: { firesAfter: 21, endsAfter: 1, overAfter: 60 },
      },
    };
    const { said } = await play(script, [experiment('errors'), other]);
    const began = said.findIndex((line) => line.startsWith('other: method'));
    const over = said.findIndex((line) => line.startsWith('errors: every alert is over'));
    expect(began).toBeGreaterThan(-1);
    expect(over === -1 || began < over).toBe(true);
  });

  test('keeps an experiment open while a side effect of its own is pending: it may fire yet', async () => {
    const killed = experiment('killed', {
      holds: '5m',
      alerts: { may: [{ alerts: ['ErrorLogSurge'], because: 'it starts slowly' }] },
    });
    const script: LabScript = { alerts: { ErrorLogSurge: { firesAfter: 32.5, endsAfter: 10 } } };
    const next = experiment('next', { method: [], alerts: {}, holds: '1m' });
    const { result } = await play(script, [killed, next]);
    expect(result.falseAlarmsBetween).toEqual([]);
    expect(result.experiments.map(({ judgement }) => judgement.verdict)).toEqual(['kept', 'kept']);
  });

  test.each<[string, 'first' | 'second', number, string[]]>([
    ["before the first steady state is nobody's false alarm", 'first', 0.5, []],
    ['between two experiments is one', 'second', 4.5, ['WorkerDown']],
  ])('an alert that rings %s', async (_, waits, from, falseAlarms) => {
    const calm = (name: string) =>
      experiment(name, {
        method: [],
        alerts: {},
        holds: '30s',
        hypothesis: name === waits ? [QUIET] : [],
      });
    const rings = { alert: 'WorkerDown', from, to: from + 2 };
    const { result } = await play({ rings }, [calm('first'), calm('second')]);
    expect(result.falseAlarmsBetween).toEqual(falseAlarms);
    expect(result.experiments.map(({ judgement }) => judgement.verdict)).toEqual(['kept', 'kept']);
  });

  test.each<[string, number, string[]]>([
    ['within its memory of an experiment that may set it off is explained', 20, []],
    ['later is a false alarm', 90, ['ErrorBudgetBurn3d']],
  ])('an alert that remembers, firing on the next watch %s', async (_, firesAfter, falseAlarms) => {
    const burning = experiment('burning', {
      holds: '1m',
      alerts: { may: [{ alerts: ['ErrorBudgetBurn3d'], because: 'users get errors' }] },
    });
    const calm = experiment('calm', { method: [], alerts: {}, holds: '20m' });
    const script: LabScript = { alerts: { ErrorBudgetBurn3d: { firesAfter, endsAfter: 10_000 } } };
    const { result } = await play(script, [burning, calm]);
    expect(result.experiments.map(({ judgement }) => judgement.falseAlarms)).toEqual([[], falseAlarms]);
    expect(result.falseAlarmsBetween).toEqual([]);
  });

  test.each<[string, boolean, number, string[]]>([
    ['within its memory is no false alarm, where it was burning before', true, 20, []],
    ['is a false alarm where nothing burned before', false, 20, ['ErrorBudgetBurn3d']],
    ['later than its memory is a false alarm', true, 90, ['ErrorBudgetBurn3d']],
  ])(
    'an alert that remembers, firing on the first watch %s',
    async (_, burnsFromBefore, firesAfter, falseAlarms) => {
      const calm = experiment('calm', {
        method: [{ do: 'fault', service: 'api', fault: 'latency', milliseconds: 1 }],
        alerts: {},
        holds: '20m',
      });
      const alerts = { ErrorBudgetBurn3d: { firesAfter, endsAfter: 10_000 } };
      const { result } = await play({ burnsFromBefore, alerts }, [calm]);
      expect(result.experiments.map(({ judgement }) => judgement.falseAlarms)).toEqual([falseAlarms]);
    },
  );

  test('lets an experiment wait whose alert an earlier one still has open', async () => {
    const { said } = await play(WELL, [experiment('first'), experiment('second')]);
    const over = said.findIndex((line) => line.startsWith('first: every alert is over'));
    const began = said.findIndex((line) => line.startsWith('second: method'));
    expect(over).toBeGreaterThan(-1);
    expect(began).toBeGreaterThan(over);
  });

  const findings = (broken: string[]) => [
    { text: 'every panel shows the data that is due', expected: 'data', seen: '188 of 188 panels', broken },
  ];

  test('asks the gate of the dashboards at its end, and tells what it found as promises', async () => {
    const { result } = await play({ ...WELL, gate: findings([]) });
    expect(result.afterwards).toEqual([
      {
        text: 'every panel shows the data that is due',
        kept: true,
        expected: 'data',
        observed: '188 of 188 panels',
      },
    ]);
  });

  test('names every panel that stayed empty, however the experiments ended', async () => {
    const empty = ['application "p90" A', 'slo "Pace over 3d" A'];
    const { result } = await play({ ...WELL, gate: findings(empty) });
    expect(result.afterwards).toMatchObject([{ kept: false, observed: empty.join('; ') }]);
    expect(result.experiments.map(({ judgement }) => judgement.verdict)).toEqual(['kept']);
  });

  test('breaks a promise where the gate cannot be asked', async () => {
    const { result } = await play({ ...WELL, gate: new Error('connection refused') });
    expect(result.afterwards).toMatchObject([{ kept: false, observed: 'connection refused' }]);
  });

  test('that a person holds or interrupts asks no gate', async () => {
    const script = { ...WELL, gate: findings(['x']) };
    const held = await play(script, [experiment('errors')], new AbortController().signal, {
      hold: Promise.resolve(),
    });
    const interrupted = await play(script, [experiment('errors')], AbortSignal.abort());
    expect([held.result.afterwards, interrupted.result.afterwards]).toEqual([[], []]);
  });

  test('ends where the lab is not steady, and does not try the rest', async () => {
    const { result } = await play({ off: ['web is down'] }, [experiment('first'), experiment('second')]);
    expect(result.experiments.map(({ judgement }) => judgement.verdict)).toEqual(['inconclusive']);
  });
});

describe('experiments side by side', () => {
  const must = (alert: string) => [{ alert, needs: {}, within: '4m' }];
  const one = experiment('one', { alerts: { must: must('HighErrorRate') } });
  const other = experiment('other', { alerts: { must: must('WorkerDown') }, heals: '5m' });
  const both: LabScript = {
    alerts: {
      HighErrorRate: { firesAfter: 21, endsAfter: 5, overAfter: 20 },
      WorkerDown: { firesAfter: 5, endsAfter: 5, overAfter: 20 },
    },
  };
  const beside = (script: LabScript, experiments = [one, other], hooks: SuiteHooks = {}) =>
    play(script, experiments, new AbortController().signal, hooks, 2);
  const recordsOf = ({ result }: Played) => result.experiments.map(({ record }) => record);

  test('begin in the same moment, and are undone when each has seen what it promised', async () => {
    const played = await beside(both);
    const [first, second] = recordsOf(played);
    expect(Math.abs((first?.methodFrom ?? 0) - (second?.methodFrom ?? 9e9))).toBeLessThan(1_000);
    expect(Math.abs((first?.rollbackFrom ?? 0) - (second?.rollbackFrom ?? 9e9))).toBeLessThan(1_000);
    expect(((second?.rollbackFrom ?? 0) - (second?.methodFrom ?? 0)) / 1000).toBeGreaterThan(20);
    expect(played.result.experiments.map(({ judgement }) => judgement.verdict)).toEqual(['kept', 'kept']);
  });

  test('take no alert of each other for a false one', async () => {
    const { result } = await beside(both);
    expect(result.experiments.map(({ judgement }) => judgement.falseAlarms)).toEqual([[], []]);
    expect(result.falseAlarmsBetween).toEqual([]);
  });

  test('answer all for an alert that none of them declares', async () => {
    const { result } = await beside({ alerts: { ...both.alerts, DatabaseDown: { firesAfter: 8 } } });
    expect(result.experiments.map(({ judgement }) => judgement.falseAlarms)).toEqual([
      ['DatabaseDown'],
      ['DatabaseDown'],
    ]);
  });

  test('have until the last of them may have healed', async () => {
    // 1m of the one are 12 s with grace, 5m of the other are 36.
    const { result } = await beside({ ...both, healsAfter: 20 });
    expect(result.experiments.map(({ judgement }) => judgement.verdict)).toEqual(['kept', 'kept']);
    const alone = await play({ ...both, healsAfter: 20 }, [one]);
    expect(brokenOf(alone)).toContain('the hypothesis holds again');
  });

  test('are all rolled back when they are interrupted', async () => {
    const interruption = new AbortController();
    const script: LabScript = {
      alerts: {
        get HighErrorRate() {
          setImmediate(() => interruption.abort(new Error('interrupted by SIGINT')));
          return { firesAfter: 21 };
        },
      },
    };
    const calm = [one, other].map((each) => ({ ...each, hypothesis: [] }));
    const { lab } = await play(script, calm, interruption.signal, {}, 2);
    const count = (what: string) => lab.done.filter((each) => each === what).length;
    expect(count('clear-faults')).toBe(count('fault'));
  });

  test('are not kept waiting for one that cannot be done', async () => {
    const { result } = await beside({ ...both, refusesAction: true });
    expect(result.experiments.map(({ judgement }) => judgement.verdict)).toEqual(['broken', 'broken']);
  });

  test('run again by themselves where users noticed what only the one beside them allows', async () => {
    const strict = experiment('strict', {
      alerts: { must: must('HighErrorRate') },
      users: { errorRatio: 0.001, p95Seconds: 1 },
    });
    const told: unknown[] = [];
    // Errors while two run, none while one does.
    const script: LabScript = { ...WELL, failedRequests: (methods) => (methods > 1 ? 5 : 0) };
    const silent = experiment('other', { alerts: {}, holds: '1m' });
    const played = await beside(script, [strict, silent], { disturbed: (_, each) => void told.push(each) });
    expect(told).toEqual(played.result.disturbances);
    expect(played.result.disturbances).toEqual([
      {
        experiment: 'strict',
        by: ['other'],
        broken: [
          'users notice no more errors than promised: expected at most 0.1 % of requests, 5.0 % (5 of 100)',
        ],
      },
    ]);
    expect(
      Object.fromEntries(
        played.result.experiments.map(({ record, judgement }) => [record.experiment.name, judgement.verdict]),
      ),
    ).toEqual({ strict: 'kept', other: 'kept' });
    const again = recordsOf(played).find(({ experiment: { name } }) => name === 'strict');
    expect(again?.beside).toBeUndefined();
  });

  test('keep the verdict of the disturbed run where the second does not come about', async () => {
    const strict = experiment('strict', {
      alerts: { must: must('HighErrorRate') },
      users: { errorRatio: 0.001, p95Seconds: 1 },
    });
    const interruption = new AbortController();
    const { result } = await play(
      { ...WELL, failedRequests: 5 },
      [strict, experiment('other', { alerts: {}, holds: '1m' })],
      interruption.signal,
      { disturbed: () => interruption.abort(new Error('interrupted by SIGINT')) },
      2,
    );
    expect(
      result.experiments.map(({ record, judgement }) => [record.experiment.name, judgement.verdict]).sort(),
    ).toEqual([
      ['other', 'kept'],
      ['strict', 'broken'],
    ]);
  });

  test('answer themselves for what users noticed beyond what any of them allows', async () => {
    const { result } = await beside({ ...both, failedRequests: 31 });
    expect(result.disturbances).toEqual([]);
    expect(result.experiments.map(({ judgement }) => judgement.verdict)).toEqual(['broken', 'broken']);
  });
});

describe('a run right after another', () => {
  test('waits until the inbox has heard of the end of what it promises', async () => {
    const heldUntil = 20;
    const played = await play({ ...WELL, heldFromBefore: { alert: 'HighErrorRate', until: heldUntil } });
    const [record] = played.result.experiments.map((each) => each.record);
    expect(((record?.beganAt ?? 0) - played.lab.beganAt) / 1000).toBeCloseTo(heldUntil, 0);
    expect(played.said.some((line) => line.includes('HighErrorRate'))).toBe(true);
    expect(only(played).verdict).toBe('kept');
  });

  test('begins at once where the inbox holds something else', async () => {
    const played = await play({ ...WELL, heldFromBefore: { alert: 'WorkerDown', until: 20 } });
    const [record] = played.result.experiments.map((each) => each.record);
    expect(((record?.beganAt ?? 0) - played.lab.beganAt) / 1000).toBeLessThan(2);
  });
});
