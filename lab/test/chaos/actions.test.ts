import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Action,
  actionKinds,
  actionSchema,
  derivedRollbacks,
  describeAction,
  describeRollback,
  perform,
  type Rollback,
  rollbackSchema,
  rollbacksOf,
  undo,
} from '../../src/chaos/experiment/actions.ts';
import { withActions } from '../../src/chaos/report/generate.ts';
import type { Target } from '../../src/chaos/target/target.ts';

/** Each action as a file writes it, what undoes it, and how both are called. */
const EVERY: [Action, Rollback[], string, string][] = [
  [
    { do: 'fault', service: 'api', fault: 'error', ratio: 0.25 },
    [{ undo: 'clear-faults', service: 'api' }],
    'fault (service api, fault error, ratio 0.25)',
    'clear-faults api',
  ],
  [
    { do: 'stop', part: 'console', mode: 'lite' },
    [{ undo: 'start', part: 'console', mode: 'lite' }],
    'stop (part console)',
    'start console',
  ],
  [{ do: 'pause', part: 'api' }, [{ undo: 'resume', part: 'api' }], 'pause (part api)', 'resume api'],
  [
    { do: 'freeze', part: 'prometheus', seconds: 8 },
    [{ undo: 'resume', part: 'prometheus' }],
    'freeze (part prometheus, seconds 8)',
    'resume prometheus',
  ],
  [
    { do: 'kill', part: 'api', times: 3 },
    [{ undo: 'start', part: 'api' }],
    'kill (part api, times 3)',
    'start api',
  ],
  [
    { do: 'lock-table', table: 'tasks' },
    [{ undo: 'end-sessions' }],
    'lock-table (table tasks)',
    'end-sessions',
  ],
  [{ do: 'long-transaction' }, [{ undo: 'end-sessions' }], 'long-transaction', 'end-sessions'],
  [
    { do: 'use-connections', leave: 3 },
    [{ undo: 'end-sessions' }],
    'use-connections (leave 3)',
    'end-sessions',
  ],
  [
    { do: 'query-storm', sessions: 1 },
    [{ undo: 'end-sessions' }],
    'query-storm (sessions 1)',
    'end-sessions',
  ],
  [{ do: 'deadlocks' }, [{ undo: 'end-sessions' }], 'deadlocks', 'end-sessions'],
  [
    { do: 'unreadable-jobs', count: 3 },
    [{ undo: 'end-sessions' }],
    'unreadable-jobs (count 3)',
    'end-sessions',
  ],
  [
    { do: 'network', toxic: 'latency', milliseconds: 700 },
    [{ undo: 'clear-network' }],
    'network (toxic latency, milliseconds 700)',
    'clear-network',
  ],
  [{ do: 'traffic', factor: 2 }, [{ undo: 'end-traffic' }], 'traffic (factor 2)', 'end-traffic'],
  [
    { do: 'canary', trouble: 'crash' },
    [{ undo: 'remove-canary', trouble: 'crash' }],
    'canary (trouble crash)',
    'remove-canary',
  ],
  [
    { do: 'fill-claim', storageClass: 'small' },
    [{ undo: 'remove-claim' }],
    'fill-claim (storageClass small)',
    'remove-claim',
  ],
  [{ do: 'silent-node' }, [{ undo: 'remove-node' }], 'silent-node', 'remove-node'],
  [
    { do: 'refused-requests', perSecond: 16, nameLength: 36 },
    [{ undo: 'end-traffic' }],
    'refused-requests (perSecond 16, nameLength 36)',
    'end-traffic',
  ],
  [
    { do: 'browser-reports', viewsPerSecond: 4, errorsPerView: 0.5, vitals: { LCP: 6500 } },
    [{ undo: 'end-traffic' }],
    'browser-reports (viewsPerSecond 4, errorsPerView 0.5, vitals {"LCP":6500})',
    'end-traffic',
  ],
  [
    { do: 'broken-log-lines', perSecond: 5 },
    [{ undo: 'end-traffic' }, { undo: 'return-logs' }],
    'broken-log-lines (perSecond 5)',
    'end-traffic, return-logs',
  ],
  [
    { do: 'broken-spans', perSecond: 2 },
    [{ undo: 'end-traffic' }],
    'broken-spans (perSecond 2)',
    'end-traffic',
  ],
  [{ do: 'flood-log-folder' }, [{ undo: 'return-logs' }], 'flood-log-folder', 'return-logs'],
  [
    { do: 'lose-log-disk', service: 'api' },
    [{ undo: 'return-logs' }],
    'lose-log-disk (service api)',
    'return-logs',
  ],
  [{ do: 'block-indices' }, [{ undo: 'unblock-indices' }], 'block-indices', 'unblock-indices'],
  [{ do: 'failing-rule' }, [{ undo: 'restore-configuration' }], 'failing-rule', 'restore-configuration'],
  [
    { do: 'refused-configuration' },
    [{ undo: 'restore-configuration' }],
    'refused-configuration',
    'restore-configuration',
  ],
];

describe('the list of actions', () => {
  test('has every file of its folder, with a sentence that says what it does', async () => {
    const files = await readdir(join(import.meta.dirname, '../../src/chaos/actions'));
    expect(files.filter((name) => name !== 'index.ts')).toHaveLength(actionKinds.length);
    for (const { description } of actionKinds) expect(description).toMatch(/^[A-Z].{10,}\.$/);
  });

  test('is in the README of the experiments, as `npm run docs` writes it', async () => {
    const readme = await readFile(join(import.meta.dirname, '../../../loadtests/chaos/README.md'), 'utf8');
    expect(readme).toContain('| `stop` | Stops a part cleanly. | `start` |');
    expect(withActions(readme)).toBe(readme);
  });

  test('is tried here as a whole', () => {
    for (const { schema } of actionKinds)
      expect(EVERY.filter(([action]) => schema.safeParse(action).success)).toHaveLength(1);
    expect(EVERY).toHaveLength(actionKinds.length);
  });
});

describe.each(EVERY)('%o', (action, rollbacks, called, undone) => {
  test('is taken as it is, and nothing unknown with it', () => {
    expect(actionSchema.parse(action)).toEqual(action);
    expect(actionSchema.safeParse({ ...action, surprise: 1 }).success).toBe(false);
  });

  test('is undone by a rollback that survives being written down', () => {
    const derived = derivedRollbacks([action]);
    expect(derived).toEqual(rollbacks);
    for (const each of derived) expect(rollbackSchema.parse(JSON.parse(JSON.stringify(each)))).toEqual(each);
  });

  test('is described by what it does to what', () => {
    expect(describeAction(action)).toBe(called);
    expect(rollbacks.map(describeRollback).join(', ')).toBe(undone);
  });
});

describe('the rollbacks of a method', () => {
  test('undo the last action first, and nothing twice', () => {
    const method: Action[] = [
      { do: 'network', toxic: 'latency', milliseconds: 350 },
      { do: 'fault', service: 'api', fault: 'error', ratio: 1 },
      { do: 'fault', service: 'api', fault: 'latency', milliseconds: 5 },
      { do: 'fault', service: 'worker', fault: 'error', ratio: 1 },
      { do: 'traffic', factor: 2 },
    ];
    expect(derivedRollbacks(method).map(describeRollback)).toEqual([
      'end-traffic',
      'clear-faults worker',
      'clear-faults api',
      'clear-network',
    ]);
  });

  test('come before those that a file adds', () => {
    const method: Action[] = [{ do: 'deadlocks' }];
    expect(rollbacksOf({ method, rollbacks: [{ undo: 'start', part: 'api' }] })).toEqual([
      { undo: 'end-sessions' },
      { undo: 'start', part: 'api' },
    ]);
  });
});

describe('performing', () => {
  /** Writes down what is asked of the stack. */
  function recordedTarget() {
    const asked: string[] = [];
    const stack = {
      act: (part: string, action: string) => {
        asked.push(`${action} ${part}`);
      },
      management: async (
        service: string,
        path: string,
        { method, body }: { method: string; body?: string },
      ) => {
        asked.push([method, service, path, body ?? ''].join(' ').trim());
        return { status: asked.length > 1 || method === 'DELETE' ? 204 : 400, body: 'no such fault' };
      },
    };
    return { asked, target: { stack, ttlSeconds: 90 } as unknown as Target };
  }

  test.each<[Action, Rollback, string[]]>([
    [{ do: 'stop', part: 'web' }, { undo: 'start', part: 'web' }, ['stop web', 'start web']],
    [{ do: 'pause', part: 'api' }, { undo: 'resume', part: 'api' }, ['pause api', 'resume api']],
    [
      { do: 'freeze', part: 'web', seconds: 0.01 },
      { undo: 'resume', part: 'web' },
      ['pause web', 'resume web', 'resume web'],
    ],
  ])('%o acts on the part, and %o undoes it', async (action, rollback, expected) => {
    const { asked, target } = recordedTarget();
    await perform(action, target);
    await undo(rollback, target);
    expect(asked).toEqual(expected);
  });

  test('a fault says how long it lasts; one that the service refuses fails with its words', async () => {
    const { asked, target } = recordedTarget();
    const action: Action = { do: 'fault', service: 'api', fault: 'error', ratio: 1 };
    await expect(perform(action, target)).rejects.toThrow('api refused the fault error: 400 no such fault');
    await perform(action, target);
    await undo({ undo: 'clear-faults', service: 'api' }, target);
    const put = 'PUT api /faults {"fault":"error","ratio":1,"ttlSeconds":90}';
    expect(asked).toEqual([put, put, 'DELETE api /faults']);
  });

  test('traffic returns to its usual rate, and ends where it came beside the load', async () => {
    const extraTraffic = new AbortController();
    const load = { rate: 12 };
    const target = { background: { load, rate: 12 }, extraTraffic } as unknown as Target;
    await perform({ do: 'traffic', factor: 3 }, target);
    expect(load.rate).toBe(36);
    await undo({ undo: 'end-traffic' }, target);
    await undo({ undo: 'end-traffic' }, target);
    expect(load.rate).toBe(12);
    expect(extraTraffic.signal.aborted).toBe(true);
    expect(target.extraTraffic.signal.aborted).toBe(false);
  });
});
