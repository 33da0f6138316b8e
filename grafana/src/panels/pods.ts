/** Pods and their containers: what keeps them from running, what ends them, what holds them back. From kube-state-metrics and cAdvisor. */
import { PercentUnit } from '@grafana/grafana-foundation-sdk/units';
import { runbook, shortRunbook } from '../build/links.ts';
import { stat } from '../build/stat.ts';
import { alert, alertThreshold, inPercent, patience, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { kubernetesOnly } from '../build/until.ts';

/** The pod and its container, of which two kube-state-metrics may tell. */
const CONTAINER = 'namespace, pod, container';
const none = worseAbove({ bad: 1 });
const limit = alertThreshold('ContainerThrottled');
const kept = alertThreshold('ContainerOutOfMemory');

/** The condition of the rule itself. */
const CRASHING = alert('PodCrashLooping').expr;

/** Counts containers that wait for this reason; no wait is no series, so the pods that there are stand for zero. */
const waitingFor = (reason: string) =>
  `count(max by (${CONTAINER}) (kube_pod_container_status_waiting_reason{reason=~"${reason}"} or kube_pod_init_container_status_waiting_reason{reason=~"${reason}"})) or 0 * max(kube_pod_created)`;

export const crashLooping = stat('Crash-looping', {
  shows:
    'Containers that were started again three times or more within half an hour and were seldom ready in the last five minutes.',
  normal: 'zero.',
  act: `PodCrashLooping fires after ${patience('PodCrashLooping')}; the last words of the container say why.`,
  decimals: 0,
  steps: none,
  links: [shortRunbook('PodCrashLooping')],
  queries: [
    {
      promql: `count(${CRASHING}) or 0 * max(kube_pod_created)`,
      legend: 'containers',
      until: kubernetesOnly,
    },
  ],
});

export const unschedulable = stat('Without a node', {
  shows: 'Pods for which the scheduler has found no node.',
  normal: 'zero; for a moment more while a node is added.',
  act: `PodUnschedulable fires after ${patience('PodUnschedulable')}: the nodes are full, or the pod asks too much.`,
  decimals: 0,
  steps: none,
  links: [shortRunbook('PodUnschedulable')],
  queries: [
    {
      promql: 'count(max by (namespace, pod) (kube_pod_status_unschedulable)) or 0 * max(kube_pod_created)',
      legend: 'pods',
      until: kubernetesOnly,
    },
  ],
});

export const imageNotPulled = stat('Without an image', {
  shows: 'Containers whose image cannot be had.',
  normal: 'zero.',
  act: `ImageNotPulled fires after ${patience('ImageNotPulled')}: a wrong tag, missing rights, no registry.`,
  decimals: 0,
  steps: none,
  links: [shortRunbook('ImageNotPulled')],
  queries: [
    {
      promql: waitingFor('ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName'),
      legend: 'containers',
      until: kubernetesOnly,
    },
  ],
});

export const outOfMemory = stat('Killed for memory', {
  shows: 'Containers that the kernel killed for their memory within the last quarter of an hour.',
  normal: 'zero.',
  act: 'ContainerOutOfMemory: a leak, or a limit that is too low.',
  decimals: 0,
  steps: none,
  links: [shortRunbook('ContainerOutOfMemory')],
  queries: [
    {
      promql: `count(max by (${CONTAINER}) (kube_pod_container_status_last_terminated_timestamp) > time() - ${kept} and on (${CONTAINER}) kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} > 0) or 0 * max(kube_pod_created)`,
      legend: 'containers',
      until: kubernetesOnly,
    },
  ],
});

export const waiting = timeSeries('What containers wait for', {
  shows: 'Containers that do not run yet, by reason.',
  normal: 'ContainerCreating and PodInitializing for moments, nothing else.',
  act: 'ImagePullBackOff and CrashLoopBackOff do not go by themselves. A short wait for the next start has no reason of its own.',
  steps: true,
  softMax: 1,
  links: [runbook('PodCrashLooping'), runbook('ImageNotPulled')],
  queries: [
    {
      promql: `count by (reason) (max by (${CONTAINER}, reason) (kube_pod_container_status_waiting_reason or kube_pod_init_container_status_waiting_reason)) or label_replace(0 * max(kube_pod_created), "reason", "none", "", "")`,
      legend: '{{reason}}',
      until: kubernetesOnly,
    },
  ],
});

export const restarts = timeSeries('Restarts', {
  shows: 'How often each container was started again within fifteen minutes.',
  normal: 'zero.',
  act: 'ended by itself, killed for its memory, or by its liveness probe: `kubectl describe pod` says which.',
  decimals: 0,
  softMax: 1,
  steps: true,
  links: [runbook('PodCrashLooping'), runbook('ContainerOutOfMemory')],
  queries: [
    {
      promql: `max by (${CONTAINER}) (increase(kube_pod_container_status_restarts_total[15m]))`,
      legend: '{{pod}} {{container}}',
      until: kubernetesOnly,
    },
  ],
});

export const phases = timeSeries('Pods by phase', {
  shows: 'Pods by how far they are. Succeeded are jobs that are done.',
  normal: 'Running, and a few Succeeded.',
  act: 'Pending for long: no node or no image. Failed: evicted, or a job that gave up.',
  stacked: true,
  links: [runbook('PodUnschedulable')],
  queries: [
    {
      promql: 'sum by (phase) (max by (namespace, pod, phase) (kube_pod_status_phase))',
      legend: '{{phase}}',
      until: kubernetesOnly,
    },
  ],
});

const throttledShare = `sum by (${CONTAINER}) (rate(container_cpu_cfs_throttled_periods_total{container!=""}[5m])) / (sum by (${CONTAINER}) (rate(container_cpu_cfs_periods_total{container!=""}[5m])) > 0)`;

export const throttled = timeSeries('Held back by the processor limit', {
  shows: 'Share of periods in which a container wanted more processor than its limit, over five minutes.',
  normal: 'a few per cent while something starts.',
  act: `ContainerThrottled fires above ${inPercent(limit)} for ${patience('ContainerThrottled')}: raise the limit, or find the loop.`,
  unit: PercentUnit,
  softMax: limit,
  limits: worseAbove({ bad: limit }),
  links: [runbook('ContainerThrottled')],
  queries: [{ promql: throttledShare, legend: '{{pod}} {{container}}', until: kubernetesOnly }],
});

export const memory = timeSeries('Containers’ memory, of their limits', {
  shows: 'Memory that each container works with, as a share of its limit.',
  normal: 'below three quarters.',
  act: 'at 100 % the kernel kills it: ContainerOutOfMemory.',
  unit: PercentUnit,
  softMax: 1,
  limits: worseAbove({ bad: 1 }),
  links: [runbook('ContainerOutOfMemory')],
  queries: [
    {
      promql: `max by (${CONTAINER}) (container_memory_working_set_bytes{container!=""}) / on (${CONTAINER}) max by (${CONTAINER}) (kube_pod_container_resource_limits{resource="memory"})`,
      legend: '{{pod}} {{container}}',
      until: kubernetesOnly,
    },
  ],
});
