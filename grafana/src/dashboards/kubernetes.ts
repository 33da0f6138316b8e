import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as cluster from '../panels/cluster.ts';
import * as pods from '../panels/pods.ts';

/** For whoever runs the lab on Kubernetes: pods that do not run, workloads that are not out, nodes and claims that give way. */
export const kubernetes = dashboard({
  uid: 'kubernetes',
  title: 'Kubernetes',
  description:
    'What only a cluster can do to the lab: its pods, workloads, nodes and claims. Empty in the other modes.',
  alerts: alertsFiring('service="kubernetes"', 'pod-crash-looping'),
  next: { 'lab-health': 'Lab health', nodejs: 'Node.js', 'on-call': 'On call' },
  sections: [
    section('', [
      pods.crashLooping,
      pods.unschedulable,
      pods.imageNotPulled,
      pods.outOfMemory,
      cluster.notAvailable,
      cluster.nodesReady,
    ]),
    section('Pods', [pods.waiting, pods.restarts, pods.phases, pods.throttled]),
    section('Workloads and nodes', [cluster.unavailable, cluster.nodes, cluster.watchers]),
    section('Room', [pods.memory, cluster.claims]),
  ],
});
