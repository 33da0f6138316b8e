import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { builtImage } from '../src/images/built-images.ts';
import { layoutOf } from '../src/layout.ts';
import { API_SERVICE, DNS_SERVICE, SERVICE_RANGE } from '../src/network/addresses.ts';
import { configurationFiles } from '../src/node/configuration.ts';
import { isFirstProcess, markOf } from '../src/node/find-node.ts';
import { nodeNetworkCommands } from '../src/node/link.ts';
import { nodeParts } from '../src/node/parts.ts';
import { partFiles } from '../src/node/prepare.ts';
import { PROVISIONER } from '../src/node/storage.ts';
import { identitiesOf, POLICIES_USER, PROVISIONER_USER } from '../src/pki/identities.ts';
import { COREDNS } from '../src/programs/catalogue.ts';

const link = { host: '198.18.0.1', node: '198.18.0.2', prefixLength: 30 };
const addon = (name: string) =>
  parseAllDocuments(readFileSync(resolve(import.meta.dirname, '../addons', name), 'utf8')).map((each) =>
    each.toJS(),
  );

describe('names of a cluster', () => {
  it('differ between labs, and fit a network interface', () => {
    const one = layoutOf({ lab: '/a/.lab', id: '0123456789abcdef' });
    const other = layoutOf({ lab: '/b/.lab', id: '1123456789abcdef' });
    expect(one.name).not.toBe(other.name);
    expect(one.name.length).toBeLessThanOrEqual(15);
    expect(one.kubeconfig).toBe('/a/.lab/cluster/kubeconfig');
    expect(one.kubectl).toBe('/a/.lab/cluster/bin/kubectl');
  });
});

describe("the node's programs", () => {
  const parts = nodeParts(link);

  it('name the file of a certificate only where one is issued', () => {
    const issued = identitiesOf(link).map(({ name }) => `${name}.crt`);
    const words = parts.flatMap(({ command }) => command).join('\n');
    const named = [...words.matchAll(/pki\/([a-z-]+\.crt)/g)].map(([, file]) => file);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((file) => ![...issued, 'ca.crt', 'front-proxy-ca.crt'].includes(file ?? ''))).toEqual(
      [],
    );
  });

  it('call the API server as somebody who has a kubeconfig', () => {
    const callers = identitiesOf(link)
      .filter(({ calls }) => calls)
      .map(({ name }) => name);
    const words = [...parts.flatMap(({ command }) => command), configuration['proxy.yaml']].join('\n');
    const named = [...words.matchAll(/etc\/([a-z-]+)\.kubeconfig/g)].map(([, name = '']) => name);
    expect(new Set(named)).toEqual(new Set(callers.filter((name) => name !== 'administrator')));
  });

  it('start before the API server only where it needs them', () => {
    const before = parts.filter(({ afterApi }) => !afterApi).map(({ name }) => name);
    expect(before).toEqual(['etcd', 'kube-apiserver', 'containerd']);
  });

  it('are written one word a line, so that no word is split', () => {
    const files = partFiles([{ name: 'a', command: ['/bin/a', '--name=two words'], afterApi: true }]);
    expect(files).toEqual({ 'parts-after-api/a': '/bin/a\n--name=two words\n' });
  });
});

const configuration = configurationFiles({
  pauseImage: 'docker.io/lab/pause:1',
  cgroup: 'lab-01234567',
  link,
});

describe("the node's configuration", () => {
  it('keeps the kubelet and its pods in the address and the cgroup of this node', () => {
    expect(parse(configuration['kubelet.yaml'] ?? '')).toMatchObject({
      address: '198.18.0.2',
      cgroupRoot: '/lab-01234567',
      clusterDNS: [DNS_SERVICE],
      failCgroupV1: false,
    });
  });

  it('lets containerd start pods without the capability to lower an OOM score', () => {
    expect(configuration['containerd.toml']).toContain('restrict_oom_score_adj = true');
    expect(configuration['containerd.toml']).toContain('sandbox_image = "docker.io/lab/pause:1"');
  });

  it('gives every pod a link of its own, which passes the node', () => {
    const { plugins } = JSON.parse(configuration['cni/10-pods.conflist'] ?? '');
    expect(plugins.map(({ type }: { type: string }) => type)).toEqual(['ptp', 'portmap']);
  });
});

describe('the link to the node', () => {
  const rules = nodeNetworkCommands(link).filter(([program]) => program === 'iptables');

  it('lets nobody in but this machine', () => {
    expect(rules.map((rule) => rule.join(' '))).toContainEqual(
      expect.stringMatching(/mangle --append PREROUTING .*! --source 198\.18\.0\.1 --jump DROP$/),
    );
  });

  it('lets nothing in the node open a connection to this machine', () => {
    expect(rules.map((rule) => rule.join(' '))).toContainEqual(
      expect.stringMatching(/mangle --append POSTROUTING --out-interface uplink .*NEW --jump DROP$/),
    );
  });
});

describe('what is applied to a new cluster', () => {
  it('answers names at the address that the kubelet gives to pods', () => {
    const service = addon('dns.yaml').find(({ kind }) => kind === 'Service');
    expect(service.spec.clusterIP).toBe(DNS_SERVICE);
    expect([API_SERVICE, DNS_SERVICE].every((address) => address.startsWith(SERVICE_RANGE.slice(0, 6)))).toBe(
      true,
    );
  });

  it('runs the image of CoreDNS that is built here', () => {
    const deployment = addon('dns.yaml').find(({ kind }) => kind === 'Deployment');
    expect(deployment.spec.template.spec.containers[0].image).toBe(builtImage(COREDNS));
  });

  it('has one default storage class, and the provisioner that the node runs', () => {
    const classes = addon('storage.yaml').filter(({ kind }) => kind === 'StorageClass');
    const defaults = classes.filter(
      ({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
    );
    expect(defaults.map(({ metadata }) => metadata.name)).toEqual(['standard']);
    expect(new Set(classes.map(({ provisioner }) => provisioner))).toEqual(new Set([PROVISIONER]));
  });

  it.each([
    ['storage.yaml', PROVISIONER_USER],
    ['network-policies.yaml', POLICIES_USER],
  ])('gives rights in %s by the name in a certificate', (file, user) => {
    const binding = addon(file).find(({ kind }) => kind === 'ClusterRoleBinding');
    expect(binding.subjects[0].name).toBe(user);
  });
});

describe("the node's first process", () => {
  const mark = markOf('lab-01234567');
  const words = ['bash', '/x/init.sh', '/x/node', mark].join('\0');

  it('is number 1 of a process namespace below this one, and bears the mark', () => {
    expect(isFirstProcess(words, 'Name:\tbash\nNSpid:\t4711\t1\n', mark)).toBe(true);
  });

  it.each([
    ['the process that makes the namespaces', ['unshare', '--', words].join('\0'), 'NSpid:\t4710\n', mark],
    ['a program below it', words, 'NSpid:\t4712\t17\n', mark],
    ["another lab's", words, 'NSpid:\t4711\t1\n', markOf('lab-11234567')],
    ['one that ended between two looks', '', '', mark],
  ])('is not %s', (_, commandLine, status, wanted) => {
    expect(isFirstProcess(commandLine, status, wanted)).toBe(false);
  });
});
