/**
 * Says where Kubernetes is meant to differ from compose.yaml, each with its reason. A test complains of a difference that is not here, and of a
 * reason that is here in vain.
 */

/** Parts of compose.yaml that no manifest has. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  cadvisor: 'the kubelet of each node has it inside: job cadvisor of prometheus/kubernetes.yml',
  playwright: '`make screenshots` uses a browser of the machine that it runs on',
};

/** Containers of the manifests that compose.yaml has not. */
export const ADDED: Readonly<Record<string, string>> = {
  migrate:
    'in Compose the API migrates itself; here a step before it does, with a password that the API does not see',
  'wait-for-elasticsearch':
    'in Compose the set-up starts after Elasticsearch; Kubernetes has no such order between pods',
  'wait-for-template':
    'in Compose Fluentd depends on elasticsearch-setup; Kubernetes has no such order between pods',
  'kube-state-metrics': 'only Kubernetes has a state to tell of',
};

const SERVICE_DISCOVERY = 'targets are found by asking the API server';

/** Differences of every part, by fact. */
export const EVERYWHERE: Readonly<Record<string, string>> = {
  'environment LOG_FILE': 'log lines go to stdout, which the kubelet keeps and Fluentd follows',
};

/** Differences of one part, by part and fact. */
export const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  web: {
    'environment KEEP_ALIVE_GRACE_MS':
      'pods come and go under load: a client that thinks between two requests is told to reconnect, not cut off',
  },
  api: {
    'environment KEEP_ALIVE_GRACE_MS':
      'pods come and go under load: a client that thinks between two requests is told to reconnect, not cut off',
    'environment MIGRATION_DATABASE_URL': 'the init container migrate has it',
  },
  console: {
    'environment LAB_MODE': 'its name of this way to run',
    'environment FAULTS_TOKEN': 'its faults are off, so it needs none',
  },
  prometheus: {
    memory: 'beside the parts it scrapes kubelets and kube-state-metrics',
    'environment POD_NAME': 'tells one of two Prometheus from the other: external label prometheus_replica',
    'file /etc/prometheus/prometheus.yml': 'prometheus/kubernetes.yml, which asks the API server for targets',
    'file /etc/prometheus/targets/grafana.yml': SERVICE_DISCOVERY,
    'file /etc/prometheus/targets/node-exporter.yml': SERVICE_DISCOVERY,
    'file /etc/prometheus/targets/cadvisor.yml': SERVICE_DISCOVERY,
    'file /etc/prometheus/targets/probes/kibana.yml': 'addresses name their namespace',
    'file /etc/prometheus/targets/probes/monitoring.yml': 'addresses name their namespace',
    'file /etc/prometheus/targets/probes/taskmanager.yml': 'addresses name their namespace',
  },
  fluentd: {
    user: "the kubelet's files belong to root; without a capability root is no more than their owner",
    group: "the kubelet's files belong to root",
    'environment FLUENTD_CONF': "fluentd/kubernetes.conf, which reads the kubelet's files",
    'environment K8S_NODE_NAME': 'each line says from which node it comes',
  },
  'kibana-setup': {
    command: 'Kibana beside it may not be there yet; in Compose it starts after it',
    'environment KIBANA_URL': 'it runs beside Kibana, in the same pod',
  },
  'node-exporter': { args: "a node's own mounts are kubelet's and containerd's, not Docker's" },
  k6: { args: '`make load` says what k6 runs; in Compose it does so on the command line' },
};
