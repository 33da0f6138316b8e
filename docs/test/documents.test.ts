import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documents } from '../src/documents.ts';
import { withFigures } from '../src/figure-tables.ts';
import { withManifestTables } from '../src/manifest-tables.ts';
import { metricsPage } from '../src/metrics-page.ts';

const root = join(import.meta.dirname, '..', '..');
const targets = new Set(
  [...readFileSync(join(root, 'Makefile'), 'utf8').matchAll(/^([a-z][\w-]*):/gm)].map(([, name]) => name),
);

describe.each(documents(root).filter((path) => existsSync(join(root, path))))('%s', (path) => {
  const text = readFileSync(join(root, path), 'utf8');

  test('shows the numbers that were measured', () => {
    expect(withFigures(text)).toBe(text);
  });

  test('shows the ports and limits of compose.yaml', () => {
    expect(withManifestTables(text), 'run npm run docs').toBe(text);
  });

  test('links to files that exist', () => {
    const broken = links(text).filter((link) => !existsSync(join(root, dirname(path), link)));
    expect(broken).toEqual([]);
  });

  test('names make targets that exist', () => {
    const named = [...text.matchAll(/`make ([a-z][\w-]*)/g)].map(([, name]) => name);
    expect(named.filter((name) => !targets.has(name))).toEqual([]);
  });
});

test('docs/metrics.md says what the services define', () => {
  expect(readFileSync(join(root, 'docs', 'metrics.md'), 'utf8')).toBe(metricsPage());
});

/** Relative link targets, without anchors; code blocks do not count. */
function links(text: string): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link.split('#')[0] ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/i.test(link));
}
