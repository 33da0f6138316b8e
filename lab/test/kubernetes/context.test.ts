import { describe, expect, it } from 'vitest';
import { CannotRun } from '../../src/cli/failure.ts';
import {
  type Context,
  findContext,
  isLocal,
  isThere,
  requireConsent,
} from '../../src/stack/kubernetes/context.ts';
import { fakeKubectl } from './fake-kubectl.ts';

const context = (name: string, server: string, kubeconfig?: string): Context => ({
  kubectl: 'kubectl',
  kubeconfig,
  context: name,
  server,
});

describe('a context is of a local cluster', () => {
  it.each([
    ['kind-lab', 'https://127.0.0.1:40123'],
    ['whatever', 'https://[::1]:6443'],
    ['k3d-lab', 'https://0.0.0.0:6550'],
    ['minikube', 'https://192.168.49.2:8443'],
    ['docker-desktop', 'https://kubernetes.docker.internal:6443'],
  ])('%s at %s', (name, server) => {
    expect(isLocal(context(name, server))).toBe(true);
  });

  it('that of `make cluster`, by its own kubeconfig', () => {
    expect(isLocal(context('observability-lab', 'https://10.200.0.2:6443', '/lab/kubeconfig'))).toBe(true);
    expect(isLocal(context('observability-lab', 'https://10.200.0.2:6443'))).toBe(false);
  });

  it.each([
    ['production', 'https://10.1.2.3:6443'],
    ['kind-production', 'https://k8s.example.com'],
    ['arn:aws:eks:eu-west-1:1:cluster/shop', 'https://ABC.gr7.eu-west-1.eks.amazonaws.com'],
    ['minikube', 'https://172.32.0.1:8443'],
    ['gke', 'not an address'],
  ])('but not %s at %s', (name, server) => {
    expect(isLocal(context(name, server))).toBe(false);
  });
});

describe('a context that is not local', () => {
  const foreign = context('production', 'https://k8s.example.com');

  it('is refused where nobody can be asked, with the way to insist', async () => {
    const refused = requireConsent(foreign, { insisted: undefined, ask: undefined });
    await expect(refused).rejects.toThrow(CannotRun);
    await expect(refused).rejects.toThrow(
      /production \(https:\/\/k8s\.example\.com\) is not of a local.*nothing was applied.*CONTEXT=production/,
    );
  });

  it('is taken where a person insists on its very name, and not on another', async () => {
    await requireConsent(foreign, { insisted: 'production', ask: undefined });
    await expect(requireConsent(foreign, { insisted: 'staging', ask: undefined })).rejects.toThrow(CannotRun);
  });

  it('is taken where the person at the terminal types its name, and nothing else will do', async () => {
    await requireConsent(foreign, { insisted: undefined, ask: async () => ' production\n' });
    const said = requireConsent(foreign, { insisted: undefined, ask: async () => 'yes' });
    await expect(said).rejects.toThrow('nothing was applied');
  });

  it('is never asked about where it is local', async () => {
    const ask = () => Promise.reject(new Error('asked'));
    await requireConsent(context('kind-lab', 'https://127.0.0.1:1'), { insisted: undefined, ask });
  });
});

describe('the context that is meant', () => {
  const view = (server: string) => ({ clusters: [{ cluster: { server } }] });

  it("is kubectl's current one", async () => {
    await using fake = await fakeKubectl([
      { to: 'current-context', stdout: 'kind-lab\n' },
      { to: 'config view', stdout: view('https://127.0.0.1:1') },
    ]);
    expect(await findContext(undefined, { kubectl: fake.file, own: undefined })).toMatchObject({
      context: 'kind-lab',
      server: 'https://127.0.0.1:1',
      kubeconfig: undefined,
    });
  });

  it('is that of `make cluster` while that is there, unless another is named', async () => {
    await using fake = await fakeKubectl([{ to: 'config view', stdout: view('https://10.0.0.1:1') }]);
    const own = { kubectl: fake.file, kubeconfig: '/lab/kubeconfig' };
    const found = (wanted?: string) => findContext(wanted, { kubectl: fake.file, own });
    expect(await found()).toMatchObject({ context: 'observability-lab', kubeconfig: '/lab/kubeconfig' });
    expect(await found('staging')).toMatchObject({ context: 'staging', kubeconfig: undefined });
  });

  it.each([
    ['no kubectl', undefined, [], /kubectl is not on PATH: install it .* `make cluster`/],
    [
      'no current context',
      undefined,
      [{ to: 'current-context', stderr: 'error: current-context is not set', exitCode: 1 }],
      /no current context: `kubectl config use-context NAME`.*`make cluster`/,
    ],
    [
      'no context of that name',
      'nowhere',
      [{ to: 'config view', stderr: 'error: context "nowhere" does not exist', exitCode: 1 }],
      /there is no context nowhere: `kubectl config get-contexts` lists them/,
    ],
  ])('%s: told in one sentence', async (title, wanted, answers, message) => {
    await using fake = await fakeKubectl(answers);
    const kubectl = title === 'no kubectl' ? undefined : fake.file;
    await expect(findContext(wanted, { kubectl, own: undefined })).rejects.toThrow(message);
  });

  it('is gone with its cluster, or when kubectl no longer knows it', async () => {
    await using fake = await fakeKubectl([{ to: 'get-contexts kind-gone', exitCode: 1 }]);
    const noted = { kubectl: fake.file, kubeconfig: undefined, context: 'kind-lab' };
    const places = { kubectl: fake.file, own: undefined };
    expect(await isThere(noted, places)).toBe(true);
    expect(await isThere({ ...noted, context: 'kind-gone' }, places)).toBe(false);
    expect(await isThere({ ...noted, kubeconfig: '/lab/kubeconfig' }, places)).toBe(false);
  });
});
