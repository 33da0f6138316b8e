import { expect, it } from 'vitest';
import { CannotRun } from '../../src/cli/failure.ts';
import { requireUsable } from '../../src/stack/kubernetes/checks.ts';
import { objectsOf } from '../../src/stack/kubernetes/rendered.ts';
import { type Answer, fakeKubectl } from './fake-kubectl.ts';

const OBJECTS = objectsOf(`
apiVersion: v1
kind: Namespace
metadata: { name: monitoring }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: monitoring }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: monitoring }
spec: { accessModes: [ReadWriteOnce] }
`);

const storageClass = (usual: string) => ({
  items: [{ metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': usual } } }],
});
const namespaces = (labels: object) => ({ items: [{ metadata: { name: 'monitoring', labels } }] });

/** A cluster in which nothing is in the way. */
const GOOD: readonly Answer[] = [
  { to: 'get --raw /readyz', stdout: 'ok' },
  { to: 'create --filename', stdout: 'namespaces\t\ttrue\nnetworkpolicies\tmonitoring\ttrue\n' },
  { to: 'get storageclasses', stdout: storageClass('true') },
  { to: 'get namespaces', stdout: namespaces({ 'app.kubernetes.io/part-of': 'observability-lab' }) },
];

async function complaint(...answers: Answer[]): Promise<string> {
  await using fake = await fakeKubectl([...answers, ...GOOD]);
  const failed = await requireUsable(fake.kubectl, OBJECTS).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failed === undefined) return '';
  expect(failed).toBeInstanceOf(CannotRun);
  return (failed as CannotRun).message;
}

it('has nothing to say of a cluster of which nothing is missing, and asks about every kind in its namespace', async () => {
  await using fake = await fakeKubectl(GOOD);
  await requireUsable(fake.kubectl, OBJECTS);
  const asked = (await fake.calls()).find(({ args }) => args.startsWith('create'));
  const reviews = JSON.parse(asked?.input ?? '').items as { spec: { resourceAttributes: object } }[];
  expect(reviews.map(({ spec }) => spec.resourceAttributes)).toEqual([
    { group: '', resource: 'namespaces', verb: 'patch' },
    { group: 'networking.k8s.io', resource: 'networkpolicies', verb: 'patch', namespace: 'monitoring' },
    { group: '', resource: 'persistentvolumeclaims', verb: 'patch', namespace: 'monitoring' },
  ]);
});

it('says that the cluster does not answer, and how to come by one', async () => {
  const said = await complaint({ to: '/readyz', stderr: 'connection refused', exitCode: 1 });
  expect(said).toMatch(
    /the cluster of context kind-lab does not answer \(connection refused\): start it, .*CONTEXT=NAME.*`make cluster`/,
  );
});

it('names the rights that are missing', async () => {
  const said = await complaint({
    to: 'create --filename',
    stdout: 'namespaces\t\tfalse\nnetworkpolicies\tmonitoring\tfalse\n',
  });
  expect(said).toContain('kind-lab may not write namespaces, networkpolicies in monitoring:');
  expect(said).toContain('nothing was applied');
});

it('says that no storage class is the default one', async () => {
  const said = await complaint({ to: 'get storageclasses', stdout: storageClass('false') });
  expect(said).toContain('the cluster has no default storage class');
});

it("leaves another's namespace alone", async () => {
  const said = await complaint({ to: 'get namespaces', stdout: namespaces({}) });
  expect(said).toContain("the namespace monitoring is there and is not the lab's");
});

it('tells everything that is in the way at once', async () => {
  const said = await complaint(
    { to: 'get storageclasses', stdout: { items: [] } },
    { to: 'get namespaces', stdout: namespaces({ 'app.kubernetes.io/part-of': 'another' }) },
  );
  expect(said.split('\n')).toHaveLength(3);
});
