import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kindConfiguration, nameContext } from '../src/kind.ts';
import { missingPrograms, SYSTEM_PROGRAMS } from '../src/machine/packages.ts';
import { makeCgroups, removeCgroups } from '../src/node/cgroups.ts';
import { isRecentGo } from '../src/programs/build.ts';
import {
  COREDNS,
  cacheKey,
  HYPERKUBE,
  KUBE_ROUTER,
  linkerFlags,
  PAUSE,
  programPath,
  versionOf,
} from '../src/programs/catalogue.ts';

describe('a program built from Go modules', () => {
  it('has the version that its go.mod requires, and tells it', () => {
    expect(versionOf(HYPERKUBE)).toMatch(/^v1\.\d+\.\d+$/);
    expect(linkerFlags(HYPERKUBE)).toContain(`gitVersion=${versionOf(HYPERKUBE)}`);
    for (const program of [COREDNS, KUBE_ROUTER]) expect(versionOf(program)).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(versionOf(PAUSE)).toBe('v1.0.0');
  });

  it("lies in the user's cache, so that every checkout finds it", () => {
    const path = programPath(COREDNS, { XDG_CACHE_HOME: '/c' });
    expect(path).toBe(
      `/c/observability-lab/cluster/coredns-${versionOf(COREDNS)}-${cacheKey(COREDNS)}/coredns`,
    );
  });

  it('is another one when its sources or its flags are', () => {
    const keys = [HYPERKUBE, COREDNS, PAUSE, { ...PAUSE, versionVariables: () => ({ 'main.v': '1' }) }].map(
      cacheKey,
    );
    expect(new Set(keys).size).toBe(4);
    expect(cacheKey(PAUSE)).toBe(keys[2]);
  });
});

it.each([
  ['go1.26.8', true],
  ['go1.27rc1', true],
  ['go2.0', true],
  ['go1.25.9', false],
  ['devel', false],
])('takes %s for recent enough: %s', (version, expected) => {
  expect(isRecentGo(version, '1.26')).toBe(expected);
});

describe('programs of the system', () => {
  it('are missing where no folder of PATH has them as programs', async () => {
    await using folder = await temporaryFolder();
    const names = () => missingPrograms(folder.path).map(({ program }) => program);
    expect(names()).toContain('containerd');
    writeFileSync(join(folder.path, 'containerd'), '');
    expect(names()).toContain('containerd');
    chmodSync(join(folder.path, 'containerd'), 0o755);
    expect(names()).not.toContain('containerd');
  });

  it('are looked for under one name each', () => {
    const names = SYSTEM_PROGRAMS.map(({ program }) => program);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('cgroups of a node', () => {
  it('are made in each hierarchy of version 1, and taken away from the innermost on', async () => {
    await using root = await temporaryFolder();
    for (const name of ['cpu', 'memory']) {
      mkdirSync(join(root.path, name));
      writeFileSync(join(root.path, name, 'cgroup.procs'), '');
    }
    mkdirSync(join(root.path, 'not-a-hierarchy'));
    await makeCgroups('lab-01234567', root.path);
    mkdirSync(join(root.path, 'memory/lab-01234567/kubepods/pod1'), { recursive: true });
    expect(await removeCgroups('lab-01234567', root.path)).toEqual([]);
    expect(await removeCgroups('lab-01234567', root.path)).toEqual([]);
  });
});

describe('kind', () => {
  it('rotates logs as the node from packages does', () => {
    expect(JSON.stringify(kindConfiguration())).toContain('containerLogMaxSize: 4Mi');
  });

  it("gets the lab's name for its context", () => {
    const written = `apiVersion: v1
clusters: [{name: kind-lab-1, cluster: {server: "https://127.0.0.1:40001"}}]
contexts: [{name: kind-lab-1, context: {cluster: kind-lab-1, user: kind-lab-1}}]
current-context: kind-lab-1
users: [{name: kind-lab-1, user: {token: t}}]
`;
    const named = parse(nameContext(written));
    expect(named['current-context']).toBe('observability-lab');
    expect(named.contexts).toEqual([
      { name: 'observability-lab', context: { cluster: 'kind-lab-1', user: 'kind-lab-1' } },
    ]);
    expect(named.users).toEqual([{ name: 'kind-lab-1', user: { token: 't' } }]);
  });
});
