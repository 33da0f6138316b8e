/** The node's programs and how each is started. All run in the node's namespaces, under paths as the node sees them. */
import { join } from 'node:path';
import { NODE_FOLDER, PROGRAM_FOLDER } from '../layout.ts';
import { type Link, POD_RANGE, SERVICE_RANGE } from '../network/addresses.ts';
import { NODE_NAME } from '../pki/identities.ts';
import { type GoProgram, HYPERKUBE, KUBE_ROUTER, placeOf } from '../programs/catalogue.ts';
import { PROVISIONER } from './storage.ts';

export interface NodePart {
  name: string;
  command: readonly string[];
  /** Started once the API server is ready: before that it would only end and be started again. */
  afterApi: boolean;
}

const at = (...names: string[]) => join(NODE_FOLDER, ...names);
const pki = (file: string) => at('pki', file);
const kubeconfig = (name: string) => at('etc', `${name}.kubeconfig`);

/** A program as the node sees it. */
const inNode = (program: GoProgram) => join(PROGRAM_FOLDER, placeOf(program));

export function nodeParts({ node }: Pick<Link, 'node'>): NodePart[] {
  const part = (name: string, args: readonly string[], afterApi = true): NodePart => ({
    name,
    command: [inNode(HYPERKUBE), name, ...args],
    afterApi,
  });
  const identity = (name: string) =>
    ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map(
      (flag) => `--${flag}=${kubeconfig(name)}`,
    );
  return [
    part('etcd', etcd(), false),
    part('kube-apiserver', apiserver(node), false),
    {
      name: 'containerd',
      command: ['containerd', '--config', at('etc', 'containerd.toml')],
      afterApi: false,
    },
    part('kube-controller-manager', [
      ...identity('controller-manager'),
      `--service-account-private-key-file=${pki('service-accounts.key')}`,
      `--root-ca-file=${pki('ca.crt')}`,
      `--cluster-signing-cert-file=${pki('ca.crt')}`,
      `--cluster-signing-key-file=${pki('ca.key')}`,
      '--use-service-account-credentials',
      '--allocate-node-cidrs',
      `--cluster-cidr=${POD_RANGE}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      ...alone,
    ]),
    part('kube-scheduler', [...identity('scheduler'), ...alone]),
    part('kubelet', [
      `--config=${at('etc', 'kubelet.yaml')}`,
      `--kubeconfig=${kubeconfig('kubelet')}`,
      `--hostname-override=${NODE_NAME}`,
      `--node-ip=${node}`,
    ]),
    part('kube-proxy', [`--config=${at('etc', 'proxy.yaml')}`]),
    { name: 'kube-router', command: [inNode(KUBE_ROUTER), ...networkPolicies()], afterApi: true },
    part('volume-provisioner', [
      `--kubeconfig=${kubeconfig('provisioner')}`,
      '--folder=/var/lib/volumes',
      `--provisioner=${PROVISIONER}`,
    ]),
  ];
}

/** One of each runs: it need not ask the others. Nobody but the node asks it. */
const alone = ['--leader-elect=false', '--bind-address=127.0.0.1'];

function etcd(): string[] {
  return [
    '--name=lab',
    '--data-dir=/var/lib/etcd',
    '--listen-client-urls=http://127.0.0.1:2379',
    '--advertise-client-urls=http://127.0.0.1:2379',
    '--listen-peer-urls=http://127.0.0.1:2380',
    '--initial-advertise-peer-urls=http://127.0.0.1:2380',
    '--initial-cluster=lab=http://127.0.0.1:2380',
    // A lab's cluster is made anew where a power failure spoils it, and each write is several times as fast.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

/** Of what kube-router can do, only the network policies: kube-proxy and the network plug-in do the rest. */
function networkPolicies(): string[] {
  return [
    '--run-firewall=true',
    '--run-router=false',
    '--run-service-proxy=false',
    '--run-loadbalancer=false',
    '--enable-ipv6=false',
    `--kubeconfig=${kubeconfig('network-policies')}`,
    `--hostname-override=${NODE_NAME}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--health-addr=127.0.0.1',
    '--metrics-port=0',
  ];
}

function apiserver(node: string): string[] {
  return [
    '--etcd-servers=http://127.0.0.1:2379',
    '--bind-address=0.0.0.0',
    '--secure-port=6443',
    `--advertise-address=${node}`,
    `--client-ca-file=${pki('ca.crt')}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--kubelet-client-certificate=${pki('apiserver-kubelet-client.crt')}`,
    `--kubelet-client-key=${pki('apiserver-kubelet-client.key')}`,
    `--kubelet-certificate-authority=${pki('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki('service-accounts.pub')}`,
    `--service-account-signing-key-file=${pki('service-accounts.key')}`,
    // Aggregated APIs (metrics) know the caller by these headers.
    `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${pki('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${pki('front-proxy-client.key')}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--allow-privileged=true',
    '--profiling=false',
  ];
}
