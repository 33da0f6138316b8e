import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imagesOf, ROOT, readCompose } from '@lab/manifest';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../stand-ins/build.ts';
import { RECIPES, WITHOUT_STAND_IN } from '../stand-ins/recipes.ts';

const STAND_INS = join(ROOT, 'workshop/stand-ins');

it('has a stand-in, or a reason for having none, for every image that compose.yaml pulls', () => {
  const pulled = imagesOf(readCompose()).filter((image) => !image.startsWith('observability-lab/'));
  const made = RECIPES.map(({ image }) => image);
  const excused = Object.keys(WITHOUT_STAND_IN);
  expect(
    pulled.filter((image) => !made.includes(image) && !excused.some((part) => image.includes(part))),
  ).toEqual([]);
});

it('stands in for the images that our own recipes build upon, in the version they name', () => {
  for (const recipe of ['services', 'fluentd', 'jaeger', 'testing/fixtures/shop']) {
    const text = readFileSync(join(ROOT, recipe, 'Dockerfile'), 'utf8');
    const [, base] = /^ARG \w+_IMAGE=(\S+)$/m.exec(text) ?? [];
    expect(RECIPES.map(({ image }) => image)).toContain(base);
  }
});

it('gives each stand-in a recipe and a fingerprint of its own', () => {
  for (const { folder } of RECIPES) expect(existsSync(join(STAND_INS, folder, 'Dockerfile'))).toBe(true);
  expect(new Set(RECIPES.map(fingerprint)).size).toBe(RECIPES.length);
});

describe.each(['fluent.conf', 'kubernetes.conf'])('the double of Fluentd', (file) => {
  const program = readFileSync(join(STAND_INS, 'fluentd/follower.rb'), 'utf8');
  const conf = [file, 'pipeline.conf']
    .map((each) => readFileSync(join(ROOT, 'fluentd', each), 'utf8'))
    .join('');
  const names = (call: string) =>
    [...program.matchAll(new RegExp(`\\b${call}\\('(\\w+)'\\)`, 'g'))].map(([, name]) => name);
  const missing = (wanted: readonly (string | undefined)[]) =>
    wanted.filter((name) => !new RegExp(`^\\s*${name}\\s+\\S+`, 'm').test(conf));

  it(`finds in ${file} every name that it reads there`, () => {
    expect(names('conf').length).toBeGreaterThan(5);
    expect(missing(names('conf'))).toEqual([]);
    // The first port is Elasticsearch's, the one below `bind` the double's own.
    expect(/^\s*port\s+(\d+)/m.exec(conf)?.[1]).toBe('9200');
    expect(/bind 0\.0\.0\.0\n\s+port (\d+)/.exec(conf)?.[1]).toBe('24231');
  });

  it(`reads ${file} as lines of a container runtime only in the cluster`, () => {
    expect(names('conf\\?').length).toBe(2);
    expect(missing(names('conf\\?'))).toEqual(file === 'kubernetes.conf' ? [] : names('conf\\?'));
  });
});
