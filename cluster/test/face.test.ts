import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CannotRun, labPaths } from '@lab/cli/program';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { clusterKubeconfig, clusterKubectl, clusterMemory, importImages } from '../src/index.ts';
import { layoutOf } from '../src/layout.ts';
import { readRecord, writeRecord } from '../src/record.ts';

const link = { host: '198.18.0.1', node: '198.18.0.2', prefixLength: 30 };

/** A lab whose cluster was made, as far as its files tell. */
async function made(folder: string) {
  const paths = labPaths({ LAB_STATE_DIR: folder });
  const layout = layoutOf(paths);
  for (const file of [layout.kubeconfig, layout.kubectl]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
  await writeRecord(layout, { way: 'packages', link, startedFrom: 'a' });
  return { paths, layout };
}

describe('the cluster of a lab', () => {
  it('is found by its files only where one was made', async () => {
    await using before = await temporaryFolder();
    const none = labPaths({ LAB_STATE_DIR: before.path });
    expect([clusterKubeconfig(none), clusterKubectl(none), clusterMemory(none)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await using after = await temporaryFolder();
    const { paths, layout } = await made(after.path);
    expect([clusterKubeconfig(paths), clusterKubectl(paths)]).toEqual([layout.kubeconfig, layout.kubectl]);
    expect(await readRecord(layout)).toEqual({ way: 'packages', link, startedFrom: 'a' });
  });

  it('takes no images while it does not run', async () => {
    await using folder = await temporaryFolder();
    const { paths } = await made(folder.path);
    const options = { progress: () => undefined, signal: new AbortController().signal, paths };
    await expect(importImages(['postgres:18'], options)).rejects.toThrow(CannotRun);
  });

  it.each(['{"way": "by hand"}', '{"way":'])('refuses the note %s, and says what to do', async (text) => {
    await using folder = await temporaryFolder();
    const { layout } = await made(folder.path);
    writeFileSync(layout.record, text);
    await expect(readRecord(layout)).rejects.toThrow('run `make cluster-down`');
  });
});
