import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Viewers } from '@lab/cli';
import { readExperiments } from '@lab/cli';
import { describe, expect, test } from 'vitest';
import { DASHBOARDS, panelsOf } from '../../src/screenshots/dashboards.ts';
import { TOOLS } from '../../src/screenshots/full-pictures.ts';
import { galleryPage } from '../../src/screenshots/gallery.ts';
import { EXPERIMENTS } from '../../src/screenshots/picture.ts';
import { picturesOf } from '../../src/screenshots/pictures.ts';
import { readStat } from '../../src/screenshots/proofs.ts';

/** All on the console's pages, as in lite. */
const OWN: Viewers = { dashboards: 'console', logs: 'console', traces: 'console', alerts: 'console' };
const root = join(import.meta.dirname, '..', '..', '..');
/** Those that the modes of the gallery fill: one that begins with the objects of a cluster shows nothing in them. */
const dashboards = readdirSync(join(root, 'grafana', 'dashboards'))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace(/\.json$/, ''))
  .filter((uid) => !/^[^{]*\bkube_/.test(firstQuery(uid)));

function firstQuery(uid: string): string {
  const text = readFileSync(join(root, 'grafana', 'dashboards', `${uid}.json`), 'utf8');
  const { panels }: { panels: { targets?: { expr?: string }[] }[] } = JSON.parse(text);
  return panels.flatMap(({ targets }) => targets ?? []).find(({ expr }) => expr)?.expr ?? '';
}

function panelTitles(uid: string): string[] {
  const text = readFileSync(join(root, 'grafana', 'dashboards', `${uid}.json`), 'utf8');
  const { panels }: { panels: { type: string; title: string }[] } = JSON.parse(text);
  return panels.filter(({ type }) => type === 'stat').map(({ title }) => title);
}

describe.each([
  ['the console', OWN],
  ['the tools', TOOLS],
])('the gallery of %s', (_, viewers) => {
  const pictures = picturesOf(viewers);

  test('gives each picture a file name of its own', () => {
    const names = pictures.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
  });

  test('takes no picture without a proof of its content', () => {
    expect(pictures.filter(({ proofs }) => proofs.length === 0)).toEqual([]);
  });

  test('shows every dashboard there is', () => {
    const shown = pictures.map(({ name }) => name.replace(/^(dashboard|grafana)-/, ''));
    expect(dashboards.filter((uid) => !shown.includes(uid))).toEqual([]);
  });

  test('shows something while each experiment’s alert fires, or leaves it to the console', () => {
    const moments = new Set<string>(pictures.map(({ when }) => when));
    const missing = EXPERIMENTS.filter(({ name }) => !moments.has(name));
    expect(viewers === OWN ? missing : []).toEqual([]);
  });
});

test('every experiment run for the pictures exists and has to fire the alert that is waited for', () => {
  const { experiments } = readExperiments(join(root, 'loadtests', 'chaos'));
  for (const { name, alert } of EXPERIMENTS) {
    const must = experiments.find((each) => each.name === name)?.alerts.must ?? [];
    expect(
      must.map((each) => each.alert),
      name,
    ).toContain(alert);
  }
});

test.each([
  ['3', 3],
  ['14.83%', 0.1483],
  ['702 ms', 0.702],
  ['1.2 s', 1.2],
  ['-2815%', -28.15],
  ['13.8 req/s', undefined],
  ['overspent', undefined],
])('a stat panel’s %j is read as %j', (text, number) => {
  const read = readStat(text);
  if (number === undefined) expect(read).toBeUndefined();
  else expect(read).toBeCloseTo(number, 6);
});

test('every stat panel that a dashboard’s picture relies on is in its file', () => {
  for (const { uid, says = [] } of DASHBOARDS)
    for (const { panel } of says) expect(panelTitles(uid), uid).toContain(panel);
  expect(panelTitles('database')).toContain('Operations, p90');
  expect(panelTitles('frontend')).toContain('Script errors');
});

test('rows of a dashboard do not count as panels', () => {
  expect(panelsOf(root, 'application')).toBeGreaterThan(10);
  expect(() => panelsOf(root, 'no-such')).toThrow(/no-such/);
});

describe('the page', () => {
  test('captions every picture with what it shows and what was proven', () => {
    const page = galleryPage(OWN, () => true);
    for (const { name, title, shows, proofs } of picturesOf(OWN)) {
      expect(page).toContain(`![${title}](${name}.png)`);
      expect(page).toContain(shows);
      for (const { what } of proofs) expect(page).toContain(what);
    }
  });

  test('says of a picture that could not be proven that it is missing, and does not link it', () => {
    const page = galleryPage(OWN, (name) => name !== 'trace');
    expect(page).not.toContain('(trace.png)');
    expect(page).toContain('could not be proven');
  });

  test('says in lite what full mode adds and that it has not been run', () => {
    const page = galleryPage(OWN, () => true);
    for (const name of ['jaeger-trace', 'kibana-logs', 'alertmanager-status']) expect(page).toContain(name);
    expect(page).toContain('have not been run');
    expect(galleryPage(TOOLS, () => true)).not.toContain('have not been run');
  });
});
