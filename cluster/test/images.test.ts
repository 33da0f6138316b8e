import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { imageArchive } from '../src/images/archive.ts';
import { planImport } from '../src/images/import-images.ts';
import { normalizeImage } from '../src/images/names.ts';
import { tar } from '../src/images/tar.ts';

describe('the name of an image', () => {
  it.each([
    ['postgres', 'docker.io/library/postgres:latest'],
    ['postgres:18.6-bookworm', 'docker.io/library/postgres:18.6-bookworm'],
    ['prom/prometheus:v3.13.4', 'docker.io/prom/prometheus:v3.13.4'],
    ['ghcr.io/shopify/toxiproxy:2.12.0', 'ghcr.io/shopify/toxiproxy:2.12.0'],
    ['localhost/mine', 'localhost/mine:latest'],
    ['localhost:5000/mine:1', 'localhost:5000/mine:1'],
    ['localhost:5000/mine', 'localhost:5000/mine:latest'],
    ['registry.k8s.io/pause@sha256:ab', 'registry.k8s.io/pause@sha256:ab'],
  ])('%s is %s to containerd', (name, known) => {
    expect(normalizeImage(name)).toBe(known);
  });
});

describe('what is brought into the cluster', () => {
  const inNode = ['docker.io/library/postgres:18', 'docker.io/prom/prometheus:v3'];
  const noted = { 'docker.io/library/postgres:18': 'sha256:1', 'docker.io/prom/prometheus:v3': 'sha256:2' };

  it('is what is new, what has changed, and what the node has lost', () => {
    const ids = { 'postgres:18': 'sha256:1', 'prom/prometheus:v3': 'sha256:3', 'ours:1': 'sha256:4' };
    expect(planImport(ids, noted, inNode)).toEqual({
      wanted: ['prom/prometheus:v3', 'ours:1'],
      present: ['postgres:18'],
      missing: [],
    });
    expect(planImport(ids, noted, []).wanted).toEqual(Object.keys(ids));
  });

  it('is not what Docker does not have', () => {
    expect(planImport({ 'grafana/grafana:12': undefined }, {}, []).missing).toEqual(['grafana/grafana:12']);
  });
});

describe('an image of one program', () => {
  const image = {
    name: 'docker.io/lab/demo:1',
    program: 'demo',
    binary: Buffer.from('#!/bin/sh\n'),
    user: 65532,
  };

  function unpack(archive: Buffer, folder: string): void {
    writeFileSync(join(folder, 'a.tar'), archive);
    const { status, stderr } = spawnSync('tar', ['-xf', 'a.tar'], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }

  it('names its configuration and its one layer, which holds the program', async () => {
    await using temporary = await temporaryFolder();
    const folder = temporary.path;
    unpack(imageArchive(image), folder);
    const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    expect(manifest.RepoTags).toEqual(['docker.io/lab/demo:1']);
    const config = JSON.parse(readFileSync(join(folder, manifest.Config), 'utf8'));
    expect(config.config).toEqual({ Entrypoint: ['/demo'], User: '65532' });
    expect(config.rootfs.diff_ids).toEqual([`sha256:${manifest.Layers[0].replace('/layer.tar', '')}`]);
    unpack(readFileSync(join(folder, manifest.Layers[0])), folder);
    expect(readFileSync(join(folder, 'demo'), 'utf8')).toBe('#!/bin/sh\n');
    expect(statSync(join(folder, 'demo')).mode & 0o777).toBe(0o755);
  });

  it('is the same whenever it is made, so that it is brought in once', () => {
    expect(imageArchive(image).equals(imageArchive({ ...image }))).toBe(true);
  });
});

it('refuses a name that a tar file has no room for', () => {
  expect(() => tar([{ name: 'x'.repeat(101), mode: 0o644, data: Buffer.alloc(0) }])).toThrow(
    'at most 100 bytes',
  );
});
