import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { placePanels } from '../../../src/app/dashboards/model/layout.ts';
import { type Panel, readDashboard } from '../../../src/app/dashboards/model/panel.ts';
import { isDrawn, unsupportedDetails } from '../../../src/app/dashboards/model/unsupported.ts';
import { mapValue, readMappings } from '../../../src/app/dashboards/model/value-mappings.ts';
import { isWords } from '../../../src/app/dashboards/panels/is-words.ts';

const folder = join(import.meta.dirname, '../../../../../grafana/dashboards');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const load = (name: string) => readDashboard(JSON.parse(readFileSync(join(folder, name), 'utf8')));

describe.each(files)('%s', (name) => {
  it('is drawn in full: no panel, variable, transformation or calculation that the console does not know', () => {
    const { rows, variables } = load(name);
    const panels = rows.flatMap((row) => row.panels);
    expect(panels.filter(({ type }) => !isDrawn(type)).map(({ type, title }) => `${title}: ${type}`)).toEqual(
      [],
    );
    // What asks Elasticsearch is Grafana's to show; in its place the console offers its own page.
    const elsewhere = panels.filter(({ targets, leftOut }) => targets.length === 0 && leftOut.length > 0);
    expect(elsewhere.filter(({ links }) => links.length === 0).map(({ title }) => title)).toEqual([]);
    expect(
      panels
        .filter((panel) => !elsewhere.includes(panel))
        .flatMap((panel) => unsupportedDetails(panel).map((what) => `${panel.title}: ${what}`)),
    ).toEqual([]);
    expect(variables.filter(({ type }) => type === 'unsupported')).toEqual([]);
  });
});

it.each([
  [0.275, undefined],
  [0, undefined],
  [-0.5, 'overspent'],
  [-2.5, 'spent over 2×'],
  [-54.418, 'spent over 10×'],
  [-1000, 'spent over 100×'],
])('an error budget of which %d is left is headed %s', (remaining, words) => {
  const { panels } = JSON.parse(readFileSync(join(folder, 'slo.json'), 'utf8'));
  const [tile] = panels.filter(({ type }: { type: string }) => type === 'stat');
  expect(mapValue(readMappings(tile.fieldConfig.defaults.mappings), remaining)?.text).toBe(words);
});

it.each([
  ['up', false],
  ['overspent', true],
  ['spent over 10×', true],
  ['13.8', false],
])('%s in a tile is set as words: %s', (text, words) => {
  expect(isWords({ text, suffix: '' })).toBe(words);
});

describe('reading', () => {
  const panel = (source: object): Panel => {
    const found = readDashboard({ panels: [source] }).rows[0]?.panels[0];
    if (!found) throw new Error('expected a panel');
    return found;
  };
  it('gives an open row the panels that follow it and a collapsed one those inside it', () => {
    const at = (y: number) => ({ x: 0, y, w: 12, h: 8 });
    const { rows } = readDashboard({
      panels: [
        { id: 1, type: 'stat', title: 'before', gridPos: at(0) },
        { id: 2, type: 'row', title: 'open', collapsed: false, gridPos: at(8), panels: [] },
        { id: 3, type: 'stat', title: 'in open', gridPos: at(9) },
        {
          id: 4,
          type: 'row',
          title: 'closed',
          collapsed: true,
          gridPos: at(17),
          panels: [{ id: 5, type: 'stat', title: 'in closed', gridPos: at(18) }],
        },
      ],
    });
    expect(rows.map((row) => [row.title, row.collapsed, row.panels.map(({ title }) => title)])).toEqual([
      ['', false, ['before']],
      ['open', false, ['in open']],
      ['closed', true, ['in closed']],
    ]);
    expect(placePanels(rows[1]?.panels ?? [])[0]?.place).toMatchObject({ row: 1, column: 1, width: 12 });
  });
  it('says by name what it leaves out', () => {
    const found = panel({
      type: 'timeseries',
      repeat: 'job',
      timeShift: '1d',
      transformations: [{ id: 'groupingToMatrix' }],
      options: { legend: { calcs: ['mean', 'allIsZero'] } },
      targets: [{ refId: 'B', expr: 'x', datasource: { type: 'loki' } }],
      fieldConfig: { overrides: [{ matcher: { id: 'byValue' }, properties: [] }] },
    });
    expect(unsupportedDetails(found)).toEqual([
      'query B asks a data source of type loki',
      'transformation “groupingToMatrix”',
      'overrides chosen byValue',
      'calculation “allIsZero”',
      'time shift',
      'repetition for each “job”',
    ]);
  });
  it.each([[null], [[]], ['x'], [{}], [{ panels: 'no' }]])('refuses %j as no dashboard', (value) => {
    expect(() => readDashboard(value)).toThrow('expected a Grafana dashboard');
  });
  it.each([
    [
      {
        type: 7,
        gridPos: { x: -5, w: 900, h: 'x' },
        targets: 'no',
        options: null,
        fieldConfig: 3,
        transformations: {},
      },
    ],
    [
      {
        gridPos: null,
        targets: [null, 5, { expr: 9 }],
        links: [{}],
        fieldConfig: { defaults: [], overrides: [null] },
      },
    ],
  ])('stands a panel full of nonsense: %j', (source) => {
    const found = panel(source);
    expect(found.grid.w).toBeLessThanOrEqual(24);
    expect(found.targets).toEqual([]);
  });
});
