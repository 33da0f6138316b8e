import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE_URL, readAlerts, readCatalogue } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';
import type { Until } from '../src/build/until.ts';
import { DASHBOARDS } from '../src/dashboards.ts';
import { dashboardQueries, everything, panelsOf } from '../src/gate/collect.ts';
import { fillIn } from '../src/gate/fill-in.ts';
import { metricNames } from '../src/gate/metric-names.ts';
import { outdatedFiles, ROOT } from '../src/generate.ts';
import { drawnPanels, linksIn } from './support/read-json.ts';

const uids = DASHBOARDS.map(({ uid }) => uid);

test('the committed files are what the sources make, and none is left over', () => {
  expect(outdatedFiles()).toEqual([]);
});

test('there are the twelve dashboards, each by the uid that alerts and people know', () => {
  expect([...uids].sort()).toEqual([
    'application',
    'database',
    'experiments',
    'frontend',
    'kubernetes',
    'lab-health',
    'load-test',
    'logs',
    'nodejs',
    'on-call',
    'slo',
    'worker',
  ]);
});

describe.each(DASHBOARDS)('$uid', (dashboard) => {
  const drawn = drawnPanels(dashboard.json());

  test('gives every panel a description, a unit, a place of its own and a title of its own', () => {
    for (const { title, about } of panelsOf(dashboard)) {
      for (const part of Object.values(about)) expect(part.length, `${title}: ${part}`).toBeGreaterThan(4);
    }
    const titles = drawn.map(({ title }) => title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
    for (const { title, description, fieldConfig, id } of drawn) {
      expect(description, title).toMatch(/^.+\n\nNormal: .+\n\nIf not: .+$/s);
      expect(fieldConfig?.defaults.unit, title).toBeDefined();
      expect(drawn.filter((other) => other.id === id)).toHaveLength(1);
    }
  });

  test('asks in its file what the gate asks', () => {
    const values = everything(dashboard);
    const inFile = drawn.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => (expr === undefined ? [] : [fillIn(expr, values)])),
    );
    const asked = dashboardQueries([dashboard]).filter(({ kind }) => kind === 'panel');
    expect(inFile).toEqual(asked.map(({ promql }) => promql));
  });

  test('marks alerts, experiments, load tests and starts, where they are seen', () => {
    const { annotations, links } = dashboard.json();
    expect(annotations.list?.map(({ name }) => name)).toEqual([
      'Alerts',
      'Experiments',
      'Load tests',
      'Starts',
    ]);
    expect(JSON.stringify([annotations, links])).not.toContain('inControlsMenu');
  });

  test('leads to runbooks, pages and dashboards that exist', () => {
    const pages = /^\/(?:$|alerts|inbox|experiments|logs\?|traces\?|runbooks\/)/;
    for (const url of linksIn(dashboard.json())) {
      if (url.startsWith('/d/')) {
        expect(uids).toContain(url.slice('/d/'.length));
        continue;
      }
      expect(url.startsWith(CONSOLE_URL), url).toBe(true);
      const path = url.slice(CONSOLE_URL.length);
      expect(path).toMatch(pages);
      const [, runbook] = /^\/runbooks\/(\w+)$/.exec(path) ?? [];
      if (runbook !== undefined)
        expect(existsSync(join(ROOT, `docs/runbooks/${runbook}.md`)), runbook).toBe(true);
    }
  });

  test('is refreshed, and shows half an hour or so at first', () => {
    const { refresh, time, editable } = dashboard.json();
    expect({ refresh, to: time?.to, editable }).toEqual({ refresh: '10s', to: 'now', editable: false });
  });
});

describe('an alert’s link to its dashboard', () => {
  test.each(readAlerts())('$name shows what the alert is about', ({ expr, dashboardUrl, name }) => {
    const uid = dashboardUrl.slice(`${CONSOLE_URL}/dashboards/`.length);
    const dashboard = DASHBOARDS.find((each) => each.uid === uid);
    if (dashboard === undefined)
      throw new Error(`${name} leads to the dashboard "${uid}", which does not exist`);
    const metrics = metricNames(expr);
    const shown = new Set(dashboardQueries([dashboard]).flatMap(({ promql }) => metricNames(promql)));
    // The watchdog is about no metric: its arrival is.
    const wanted = metrics.length === 0 ? ['deadmansswitch_last_seen_timestamp_seconds'] : metrics;
    expect(wanted.filter((metric) => shown.has(metric))).not.toEqual([]);
  });
});

test('what is empty in calm waits for an experiment that some alert names, or for the control', () => {
  const known = new Set(
    [...readCatalogue().values()].flatMap((entry) => ('experiment' in entry ? [entry.experiment] : [])),
  );
  const waits = dashboardQueries(DASHBOARDS).flatMap(({ until }) => (until as Until | undefined) ?? []);
  const named = waits.flatMap((until) => (until.fills === 'experiment' ? [until.experiment] : []));
  expect(named.filter((name) => !known.has(name) && name !== 'control')).toEqual([]);
});
