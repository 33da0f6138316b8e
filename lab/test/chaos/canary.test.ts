import { describe, expect, test } from 'vitest';
import { canary, canaryReference, TROUBLES } from '../../src/chaos/canary/canary.ts';
import { type Action, derivedRollbacks, perform, undo } from '../../src/chaos/experiment/actions.ts';
import type { Target } from '../../src/chaos/target/target.ts';
import type { ClusterObject, ObjectReference } from '../../src/stack/stack.ts';

const named = ({ kind, metadata }: ObjectReference) => `${kind} ${metadata.name}`;

/** A cluster that writes down what is done to it, and has these objects besides. */
function target(there: readonly string[] = ['StorageClass small']) {
  const done: string[] = [];
  const applied: ClusterObject[] = [];
  const cluster = {
    async apply(object: ClusterObject) {
      done.push(`apply ${named(object)}`);
      applied.push(object);
    },
    read: async (object: ObjectReference) => (there.includes(named(object)) ? object : undefined),
    async remove(object: ObjectReference) {
      done.push(`remove ${named(object)}`);
    },
    image: (part: string) => `registry.example/${part}:1`,
  };
  const stack = { traits: { mode: 'kubernetes' }, cluster };
  return { done, applied, target: { stack, ttlSeconds: 90 } as unknown as Target };
}

describe('an action on a cluster', () => {
  test.each<[Action, string[]]>([
    [{ do: 'canary', trouble: 'crash' }, ['apply Pod chaos-crash', 'remove Pod chaos-crash']],
    [
      { do: 'canary', trouble: 'readiness' },
      ['apply Deployment chaos-readiness', 'remove Deployment chaos-readiness'],
    ],
    [{ do: 'silent-node' }, ['apply Node chaos-node', 'remove Node chaos-node']],
    [
      { do: 'fill-claim', storageClass: 'small' },
      [
        'apply PersistentVolumeClaim chaos-claim',
        'apply Pod chaos-claim',
        'remove Pod chaos-claim',
        'remove PersistentVolumeClaim chaos-claim',
      ],
    ],
  ])('%o makes objects that say whose they are, and its rollback removes each', async (action, expected) => {
    const { done, applied, target: where } = target();
    await perform(action, where);
    for (const rollback of derivedRollbacks([action])) await undo(rollback, where);
    expect(done).toEqual(expected);
    for (const { metadata } of applied)
      expect(metadata.labels).toMatchObject({ 'observability-lab/experiment': 'true' });
  });

  test('makes nothing where the lab runs in no cluster, and says so', async () => {
    const stack = { traits: { mode: 'lite' } };
    await expect(
      perform({ do: 'silent-node' }, { stack, ttlSeconds: 90 } as unknown as Target),
    ).rejects.toThrow('only a lab in a cluster can be broken this way; this one runs in lite mode');
  });

  test('fills no claim where there is no such storage class, and names the remedy', async () => {
    const { done, target: where } = target([]);
    await expect(perform({ do: 'fill-claim', storageClass: 'small' }, where)).rejects.toThrow(
      'the cluster has no storage class small: name one',
    );
    expect(done).toEqual([]);
  });
});

describe.each(TROUBLES)('a canary with trouble of kind %s', (trouble) => {
  const text = JSON.stringify(canary(trouble, 'registry.example/api:1', 90));

  test('is held by the rules of the lab’s own pods', () => {
    for (const rule of [
      '"runAsNonRoot":true',
      '"allowPrivilegeEscalation":false',
      '"readOnlyRootFilesystem":true',
      '"drop":["ALL"]',
      '"automountServiceAccountToken":false',
      '"limits":{"cpu":',
    ])
      expect(text).toContain(rule);
  });

  test('ends by itself where it is a pod, and is found by its name', () => {
    const { kind, metadata } = canaryReference(trouble);
    expect(metadata).toEqual({ name: `chaos-${trouble}` });
    expect(text.includes('"activeDeadlineSeconds":90')).toBe(kind === 'Pod');
  });
});
