import { expect, test } from 'vitest';
import {
  DOCUMENTED_METRICS,
  recordedMetrics,
  usedToolMetrics,
  whyNotRecorded,
} from '../src/catalogue/tool-metrics.ts';
import { unusedMetrics } from '../src/catalogue/unused.ts';
import { metricUses } from '../src/catalogue/uses.ts';
import { DASHBOARDS } from '../src/dashboards.ts';

const recorded = recordedMetrics();

test('every metric of a tool that is read is on record, or says why it cannot be', () => {
  const missing = usedToolMetrics().filter(
    (name) => !recorded.has(name) && whyNotRecorded(name) === undefined,
  );
  expect(missing, 'npm run record -w @lab/grafana -- URL of a running lab’s Prometheus').toEqual([]);
});

test('nothing is on record that nobody reads or decided to leave', () => {
  const used = new Set(usedToolMetrics());
  expect(
    [...recorded.keys(), ...DOCUMENTED_METRICS.keys()].filter(
      (name) => !used.has(name) && !unusedMetrics.has(name),
    ),
  ).toEqual([]);
});

test('where a metric is used is said by the titles of dashboards and the names of rules', () => {
  expect(metricUses().get('http_requests_total')).toMatchObject({
    dashboards: expect.arrayContaining(['Application', 'On call']),
    rules: expect.arrayContaining(['HighErrorRate', 'TrafficGone']),
  });
  const titles = DASHBOARDS.map(({ title }) => title);
  for (const { dashboards } of metricUses().values())
    for (const title of dashboards) expect(titles).toContain(title);
});
