/** Configuration files of the node's programs. */
import { stringify } from 'yaml';
import { NODE_FOLDER } from '../layout.ts';
import { DNS_SERVICE, type Link, NODE_POD_RANGE, POD_RANGE } from '../network/addresses.ts';
import { NODE_NAME } from '../pki/identities.ts';

export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

export interface NodeConfiguration {
  /** Image of the process that holds a pod's namespaces. */
  pauseImage: string;
  /** Cgroup below which the pods' are made. */
  cgroup: string;
  link: Link;
}

/** Each file of the node's folder `etc`, by its name there. */
export function configurationFiles(configuration: NodeConfiguration): Record<string, string> {
  return {
    'containerd.toml': containerd(configuration),
    'cni/10-pods.conflist': podNetwork(),
    'kubelet.yaml': stringify(kubelet(configuration)),
    'proxy.yaml': stringify(proxy()),
    // Names outside the cluster: nobody answers, so a pod learns at once that there is no such name.
    'resolv.conf': 'nameserver 127.0.0.1\n',
  };
}

function containerd({ pauseImage }: NodeConfiguration): string {
  return `version = 2
root = "${NODE_FOLDER}/containerd"
state = "/run/containerd"

[grpc]
  address = "${CONTAINERD_SOCKET}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Where root lacks CAP_SYS_RESOURCE, runc may not lower a score, and no pod would start.
  restrict_oom_score_adj = true

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${NODE_FOLDER}/etc/cni"
`;
}

/** A link of its own for each pod (`ptp`): whatever goes from pod to pod passes the node, where services and policies are. */
function podNetwork(): string {
  const pods = {
    type: 'ptp',
    ipMasq: false,
    ipam: {
      type: 'host-local',
      ranges: [[{ subnet: NODE_POD_RANGE }]],
      routes: [{ dst: '0.0.0.0/0' }],
      dataDir: '/run/cni-addresses',
    },
  };
  const plugins = [pods, { type: 'portmap', capabilities: { portMappings: true } }];
  return `${JSON.stringify({ cniVersion: '0.4.0', name: 'pods', plugins }, undefined, 2)}\n`;
}

function kubelet({ cgroup, link }: NodeConfiguration): object {
  const certificate = (name: string) => `${NODE_FOLDER}/pki/${name}`;
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: link.node,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificate('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: certificate('kubelet-server.crt'),
    tlsPrivateKeyFile: certificate('kubelet-server.key'),
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    // Machines with the first version of cgroups, and such as swap, are good enough for a lab.
    failCgroupV1: false,
    failSwapOn: false,
    clusterDomain: 'cluster.local',
    clusterDNS: [DNS_SERVICE],
    resolvConf: `${NODE_FOLDER}/etc/resolv.conf`,
    // The disk is the machine's: what others keep there must not evict pods, and images that were imported cannot be pulled again.
    evictionHard: { 'memory.available': '200Mi', 'nodefs.available': '2%', 'imagefs.available': '2%' },
    imageGCHighThresholdPercent: 99,
    imageGCLowThresholdPercent: 98,
    // Small enough that a few minutes of load show what a rotation does to whoever follows the files.
    containerLogMaxSize: '4Mi',
    containerLogMaxFiles: 5,
    containerLogMonitorInterval: '3s',
    registerWithTaints: [],
  };
}

function proxy(): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: `${NODE_FOLDER}/etc/proxy.kubeconfig` },
    mode: 'iptables',
    clusterCIDR: POD_RANGE,
    hostnameOverride: NODE_NAME,
    // The machine's own limit stays as it is.
    conntrack: { maxPerCore: 0 },
  };
}
