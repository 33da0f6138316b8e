/** Workloads, nodes and claims of the cluster. From kube-state-metrics and the kubelet. */
import { PercentUnit } from '@grafana/grafana-foundation-sdk/units';
import { runbook, shortRunbook } from '../build/links.ts';
import { stat } from '../build/stat.ts';
import { stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { alertThreshold, inPercent, linesAt, patience, worseAbove, worseBelow } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { kubernetesOnly } from '../build/until.ts';

const full = alertThreshold('ClaimNearlyFull');

const UNAVAILABLE = {
  deployment: 'max by (namespace, deployment) (kube_deployment_status_replicas_unavailable)',
  statefulset:
    'max by (namespace, statefulset) (kube_statefulset_replicas - kube_statefulset_status_replicas_available)',
  daemonset: 'max by (namespace, daemonset) (kube_daemonset_status_number_unavailable)',
};

export const notAvailable = stat('Pods that lack', {
  shows: 'Pods that should serve and do not, of all workloads, old and new version together.',
  normal: 'zero; a few during a rollout.',
  act: `WorkloadNotRolledOut fires after ${patience('WorkloadNotRolledOut')}; the curve below names the workload.`,
  decimals: 0,
  steps: worseAbove({ warn: 1 }),
  links: [shortRunbook('WorkloadNotRolledOut')],
  queries: [
    {
      promql: `sum(${Object.values(UNAVAILABLE).join(' or ')})`,
      legend: 'pods',
      until: kubernetesOnly,
    },
  ],
});

export const nodesReady = stat('Nodes ready', {
  shows: 'Nodes that take pods, of all there are.',
  normal: '100 %.',
  act: 'the row below names the node: NodeNotReady.',
  unit: PercentUnit,
  decimals: 0,
  plain: true,
  steps: worseBelow({ warn: 1, bad: 1 }),
  links: [shortRunbook('NodeNotReady')],
  queries: [
    {
      promql: 'avg(max by (node) (kube_node_status_condition{condition="Ready",status="true"}))',
      legend: 'ready',
      until: kubernetesOnly,
    },
  ],
});

export const unavailable = timeSeries('Pods that lack, by workload', {
  shows: 'Pods of each workload that should serve and do not.',
  normal: 'zero; one or two for a minute during a rollout.',
  act: 'a plateau is a rollout that is stuck: the old pods serve on, the new version is not out.',
  decimals: 0,
  softMax: 1,
  steps: true,
  links: [runbook('WorkloadNotRolledOut')],
  queries: Object.entries(UNAVAILABLE).map(([kind, promql]) => ({
    promql,
    legend: `{{${kind}}}`,
    until: kubernetesOnly,
  })),
});

export const nodes = stateTimeline('Nodes', {
  shows: 'Whether each node is ready. The control plane gives a silent one most of a minute.',
  normal: 'green throughout.',
  act: 'red: its pods are moved after five minutes, if there is room elsewhere.',
  states: UP_OR_DOWN,
  links: [runbook('NodeNotReady')],
  queries: [
    {
      promql: 'max by (node) (kube_node_status_condition{condition="Ready",status="true"})',
      legend: '{{node}}',
      until: kubernetesOnly,
    },
  ],
});

export const watchers = stateTimeline('Who watches the cluster', {
  shows: 'Whether Prometheus can read kube-state-metrics and the kubelets with their cAdvisor.',
  normal: 'green throughout.',
  act: 'red: the panels above and the alerts about the cluster see nothing. ClusterMetricsMissing says where to look.',
  states: UP_OR_DOWN,
  width: 24,
  height: 4,
  links: [runbook('ClusterMetricsMissing')],
  queries: [
    {
      promql: 'min by (job, instance) (up{job=~"kube-state-metrics|kubelet|cadvisor"})',
      legend: '{{job}} {{instance}}',
      until: kubernetesOnly,
    },
  ],
});

export const claims = timeSeries('Room left in claims', {
  shows:
    'Share of each claim’s volume that is free, as the kubelet measures it. A hostPath volume is not measured; a local one shows its whole file system.',
  normal: 'green.',
  act: `ClaimNearlyFull fires below ${inPercent(full)}: enlarge the claim, or delete what is old.`,
  unit: PercentUnit,
  max: 1,
  limits: linesAt({ warn: 2 * full, bad: full }),
  links: [runbook('ClaimNearlyFull')],
  queries: [
    {
      promql:
        'min by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes)',
      legend: '{{persistentvolumeclaim}}',
      until: kubernetesOnly,
    },
  ],
});
