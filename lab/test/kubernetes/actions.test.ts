import { describe, expect, it } from 'vitest';
import { commandOf, deletionOf, signalling } from '../../src/stack/kubernetes/actions.ts';
import type { Workload } from '../../src/stack/kubernetes/rendered.ts';

const workload = (kind: Workload['kind'], replicas = 1): Workload => ({
  part: 'api',
  kind,
  name: 'taskmanager-backend',
  namespace: 'taskmanager',
  replicas,
  images: [],
  image: '',
});
const words = (...args: Parameters<typeof commandOf>) => commandOf(...args).join(' ');

describe('what is done to a part', () => {
  it('is a number of pods: none to stop it, those of the overlay to start it', () => {
    expect(words(workload('Deployment', 2), 'stop')).toBe(
      'scale --replicas=0 --namespace taskmanager deployment/taskmanager-backend',
    );
    expect(words(workload('StatefulSet', 2), 'start')).toContain('scale --replicas=2');
    // An overlay that leaves the number to an autoscaler has none, or begins with none.
    expect(words(workload('Deployment', 0), 'start')).toContain('scale --replicas=1');
  });

  it('is a rollout to restart it', () => {
    expect(words(workload('StatefulSet'), 'restart')).toBe(
      'rollout restart --namespace taskmanager statefulset/taskmanager-backend',
    );
  });

  it('sends the pods of a DaemonSet to a node that is nowhere, and back', () => {
    const patchOf = (action: 'start' | 'stop') =>
      JSON.parse(commandOf(workload('DaemonSet'), action).at(-1)?.replace('--patch=', '') ?? '');
    const selector = (value: string | null) => ({
      spec: { template: { spec: { nodeSelector: { 'observability-lab/stopped': value } } } },
    });
    expect(patchOf('stop')).toEqual(selector('true'));
    expect(patchOf('start')).toEqual(selector(null));
  });

  it('cannot be done to a job', () => {
    expect(() => commandOf(workload('Job'), 'stop')).toThrow('api is a job: it ends by itself');
  });

  it('signals every program of a container but the shell that sends it', () => {
    expect(signalling('STOP')).toEqual(['sh', '-c', 'kill -STOP -1']);
  });

  it('takes a pod away at once', () => {
    expect(deletionOf('taskmanager', ['a', 'b']).join(' ')).toBe(
      'delete pod --namespace taskmanager --grace-period=0 --force --wait=false a b',
    );
  });
});
