import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@lab/manifest';
import { readRules } from '@lab/prometheus';
import { rewordedRules } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ConductedRun } from '../../src/chaos/conduct.ts';
import { readExperiments } from '../../src/chaos/experiment/catalogue.ts';
import { drawChart } from '../../src/chaos/report/chart.ts';
import { rulesToDraw, signalToDraw } from '../../src/chaos/report/charts.ts';
import { consoleResult } from '../../src/chaos/report/console-result.ts';
import { reportSchemaFile } from '../../src/chaos/report/generate.ts';
import { htmlReport } from '../../src/chaos/report/html-report.ts';
import { markdownReport } from '../../src/chaos/report/markdown-report.ts';
import { proofRows } from '../../src/chaos/report/proof-table.ts';
import { reportOf, runReportSchema } from '../../src/chaos/report/run-report.ts';
import { median, summarise } from '../../src/chaos/report/summary.ts';
import { Chronicle } from '../../src/chaos/run/chronicle.ts';
import { experiment, type LabScript, play } from './scripted-lab.ts';

const HOSTILE = '<script>alert("x")</script> & | `more`';

async function runOf(script: LabScript, title = 'The API answers with errors'): Promise<ConductedRun> {
  const { result } = await play(script, [experiment('errors', { title })]);
  return {
    id: 'a-run',
    startedAt: Date.UTC(2026, 10, 22, 10),
    endedAt: Date.UTC(2026, 10, 22, 10, 5),
    mode: 'lite',
    timing: {
      speed: 10,
      scrapeMs: 1000,
      evaluationMs: 1000,
      groupWaitMs: 30_000,
      groupIntervalMs: 300_000,
      forMs: new Map(),
      patience: 1,
    },
    chronicle: new Chronicle(),
    suite: result,
    rate: 12,
  };
}

const WELL: LabScript = { alerts: { HighErrorRate: { firesAfter: 21 } } };

describe('a report', () => {
  test('has the documented form, which is the committed schema', async () => {
    const run = await runOf(WELL);
    expect(() => runReportSchema.parse(reportOf(run, summarise(run)))).not.toThrow();
    const file = join(import.meta.dirname, '../../../loadtests/chaos/report.schema.json');
    const committed = await readFile(file, 'utf8');
    expect(JSON.parse(committed)).toMatchObject(z.toJSONSchema(runReportSchema));
    expect(committed, 'run `npm run docs`').toBe(reportSchemaFile());
  });

  test('counts promises and names those that were broken, with what was expected and seen', async () => {
    const run = await runOf({ alerts: {} });
    const summary = summarise(run);
    expect(summary.promisesKept).toBeLessThan(summary.promises);
    expect(summary.broken).toContain('errors: HighErrorRate fires: expected within 30.0 s, not seen');
    expect(summary.medianSecondsOverMinimum).toBeUndefined();
  });

  test('counts what the gate of the dashboards found, and shows it in every form', async () => {
    const gate = [{ text: 'every query is answered', expected: 'none refused', seen: '', broken: [HOSTILE] }];
    const without = summarise(await runOf(WELL));
    const run = await runOf({ ...WELL, gate });
    const summary = summarise(run);
    expect(summary).toMatchObject({
      promises: without.promises + 1,
      promisesKept: without.promisesKept,
      broken: [`afterwards: every query is answered: expected none refused, ${HOSTILE}`],
    });
    const report = reportOf(run, summary);
    expect(runReportSchema.parse(report).afterwards).toHaveLength(1);
    const page = htmlReport(report, [], new Map());
    expect(page).toContain('<td>every query is answered</td>');
    expect(page).not.toContain('<script');
    expect(markdownReport(report, [])).toContain('**broken**: every query is answered');
  });

  test('puts minimum, time to fire, time to inbox and resolution side by side', async () => {
    const [row] = proofRows(await runOf(WELL));
    expect(row?.slice(0, 3)).toEqual(['errors', 'HighErrorRate', '20.0']);
    expect(Number(row?.[3])).toBeCloseTo(21, 0);
    expect(row?.at(-1)).toBe('kept');
  });

  test('tells the console when the rollback was done, from which resolutions are counted', async () => {
    const { suite, timing } = await runOf(WELL);
    const [judged] = suite.experiments;
    if (!judged) throw new Error('expected an experiment');
    const { methodAt = Number.NaN, rollbackAt = Number.NaN } = judged.record;
    expect(rollbackAt).toBeGreaterThan(methodAt);
    expect(consoleResult(judged, timing)).toMatchObject({
      rollbackAfterSeconds: (rollbackAt - methodAt) / 1000,
    });
  });

  test('shows hostile text as text, in the page and in Markdown', async () => {
    const run = await runOf(WELL, HOSTILE);
    const report = reportOf(run, summarise(run));
    const chart = {
      title: HOSTILE,
      from: 0,
      to: 60_000,
      series: [{ label: HOSTILE, points: [[0, 1]] as const }],
      threshold: 0.5,
      lanes: [{ label: HOSTILE, spans: [], marks: [{ at: 1, text: HOSTILE }] }],
    };
    const page = htmlReport(report, proofRows(run), new Map([['errors', chart]]));
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    expect(markdownReport(report, proofRows(run))).not.toMatch(/(?<!\\)<script/);
  });
});

describe('the signal that a chart draws', () => {
  const READ = rulesToDraw();

  test('of a Down alert is the scrapes of the part that the manifest names', () => {
    const [{ job } = { job: undefined }] = readManifest().part('jaeger').scrapes;
    expect(job).toBeDefined();
    expect(signalToDraw(['JaegerDown'], 1, READ)).toEqual({
      alert: 'JaegerDown',
      queries: [`up{job="${job}"}`],
      bounds: [],
      threshold: 0,
      condition: '= 0',
    });
  });

  test('is the watched side of the rule, with its threshold, at the time scale of the run', () => {
    const backlog = signalToDraw(['WorkerBacklog'], 10, READ);
    expect(backlog).toMatchObject({ threshold: 30, condition: '> 30s' });
    expect(backlog?.queries).toEqual(['max by (queue) (worker_queue_oldest_seconds{queue!="dead-letter"})']);
    expect(signalToDraw(['BrowserErrors'], 10, READ)?.queries).toEqual([
      'sum by (synthetic) (rate(frontend_errors_total[30s]))\n/ sum by (synthetic) (rate(web_vitals_ttfb_seconds_count[30s]))',
    ]);
  });

  test('has the learned band beside it where the rule compares with one', () => {
    expect(signalToDraw(['RequestRateAnomaly'], 1, READ)).toEqual({
      alert: 'RequestRateAnomaly',
      queries: ['lab:request_rate:rate2m'],
      bounds: ['lab:request_rate:upper1h', 'lab:request_rate:lower1h'],
      threshold: undefined,
      condition: undefined,
    });
  });

  test('is that of the first alert whose rule compares anything; none where there is no such alert', () => {
    expect(
      signalToDraw(['Watchdog', 'NoSuchAlert', 'HighErrorRate', 'SlowAPIResponse'], 1, READ)?.alert,
    ).toBe('HighErrorRate');
    expect(signalToDraw([], 1, READ)).toBeUndefined();
  });

  test('of every alert that an experiment promises is found in its rule', () => {
    const { experiments } = readExperiments(join(import.meta.dirname, '../../../loadtests/chaos'));
    for (const { name, alerts } of experiments)
      for (const { alert } of alerts.must) expect(signalToDraw([alert], 10, READ)?.alert, name).toBe(alert);
  });

  test('stays when every description is reworded', () => {
    const rules = readRules();
    const reworded = rulesToDraw(rewordedRules(rules));
    for (const { name, description } of READ.alerts) {
      const other = reworded.alerts.find((each) => each.name === name);
      expect(other?.description).not.toBe(description);
      expect(signalToDraw([name], 10, reworded)).toEqual(signalToDraw([name], 10, READ));
    }
  });
});

describe('a chart', () => {
  test('draws signal, threshold, states and messages within its frame', () => {
    const svg = drawChart({
      title: 'errors',
      from: 0,
      to: 60_000,
      series: [
        {
          label: 'ratio',
          points: [
            [0, 0],
            [30_000, 0.5],
            [60_000, Number.NaN],
          ],
        },
      ],
      threshold: 0.05,
      lanes: [
        {
          label: 'HighErrorRate',
          spans: [
            { from: 10_000, to: 20_000, state: 'pending' },
            { from: 20_000, to: 90_000, state: 'firing' },
          ],
          marks: [{ at: 25_000, text: 'inbox: firing' }],
        },
      ],
    });
    expect(svg).toContain('class="threshold"');
    expect(svg).toContain('class="firing"');
    expect(svg).not.toContain('NaN');
    for (const [, x] of svg.matchAll(/ x="([\d.]+)"/g)) expect(Number(x)).toBeLessThanOrEqual(880);
  });

  test('of nothing is a frame, not a failure', () => {
    const empty = { title: 'x', from: 5, to: 5, series: [], threshold: undefined, lanes: [] };
    expect(drawChart(empty)).toMatch(/^<svg[\s\S]*<\/svg>$/);
  });
});

test.each([
  [[], undefined],
  [[3], 3],
  [[4, 1, 3], 3],
  [[1, 2, 3, 10], 2.5],
])('the median of %o is %s', (values, expected) => {
  expect(median(values)).toBe(expected);
});
