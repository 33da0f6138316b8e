/** Who has a certificate in the cluster, and what it may be used for. */
import { API_SERVICE, type Link } from '../network/addresses.ts';

export const NODE_NAME = 'observability-lab';

export type AuthorityName = 'ca' | 'front-proxy-ca';

export interface Identity {
  /** Name of its files. */
  name: string;
  authority: AuthorityName;
  /** As openssl writes it: `/O=group/CN=user`. */
  subject: string;
  usage: 'serverAuth' | 'clientAuth';
  /** Names and addresses of a server, as openssl writes them. */
  alternativeNames?: readonly string[];
  /** Has a kubeconfig: it calls the API server by its name. */
  calls?: boolean;
}

export const AUTHORITIES: readonly AuthorityName[] = ['ca', 'front-proxy-ca'];

/** User name of the provisioner; addons/storage.yaml gives it its rights. */
export const PROVISIONER_USER = 'observability-lab:volume-provisioner';

/** User name of what holds network policies; addons/network-policies.yaml gives it its rights. */
export const POLICIES_USER = 'observability-lab:network-policies';

/** The person's certificate: the kubeconfig of the lab is made of it. */
export const ADMINISTRATOR = 'administrator';

export function identitiesOf({ node }: Pick<Link, 'node'>): Identity[] {
  const client = (name: string, subject: string, calls = true): Identity => ({
    name,
    authority: 'ca',
    subject,
    usage: 'clientAuth',
    calls,
  });
  return [
    {
      name: 'apiserver',
      authority: 'ca',
      subject: '/CN=kube-apiserver',
      usage: 'serverAuth',
      alternativeNames: [
        'IP:127.0.0.1',
        `IP:${node}`,
        `IP:${API_SERVICE}`,
        'DNS:localhost',
        'DNS:kubernetes',
        'DNS:kubernetes.default',
        'DNS:kubernetes.default.svc',
        'DNS:kubernetes.default.svc.cluster.local',
      ],
    },
    {
      name: 'kubelet-server',
      authority: 'ca',
      subject: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
      usage: 'serverAuth',
      alternativeNames: [`IP:${node}`, `DNS:${NODE_NAME}`],
    },
    client('apiserver-kubelet-client', '/O=system:masters/CN=kube-apiserver-kubelet-client', false),
    { ...client('front-proxy-client', '/CN=front-proxy-client', false), authority: 'front-proxy-ca' },
    client(ADMINISTRATOR, '/O=system:masters/CN=observability-lab:administrator'),
    client('controller-manager', '/CN=system:kube-controller-manager'),
    client('scheduler', '/CN=system:kube-scheduler'),
    client('proxy', '/CN=system:kube-proxy'),
    client('kubelet', `/O=system:nodes/CN=system:node:${NODE_NAME}`),
    client('network-policies', `/CN=${POLICIES_USER}`),
    client('provisioner', `/CN=${PROVISIONER_USER}`),
  ];
}
