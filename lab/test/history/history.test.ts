import { existsSync, readFileSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readObjectives } from '@lab/prometheus';
import { patiently, temporaryFolder } from '@lab/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildBlocks } from '../../src/history/build-blocks.ts';
import { installBlocks, removeBlocks } from '../../src/history/install.ts';
import { readRecord } from '../../src/history/record.ts';
import { DAY, HOUR, MINUTE, timelineUntil } from '../../src/history/timeline.ts';
import { OwnPrometheus } from './own-prometheus.ts';

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  labels?: Record<string, string>;
}

const timeline = timelineUntil(Date.now() - HOUR, 30);
const duringIncident = timeline.incident.to - 5 * MINUTE;
const duringLeak = timeline.leak.to - HOUR;
const ordinaryDays = [26, 16, 8, 4, 1].map((days) => timeline.to - days * DAY).concat(timeline.to);

const rules = ['slo.yml', 'slo-budget.yml'].flatMap((file) => {
  const text = readFileSync(join(import.meta.dirname, '../../../prometheus/rules', file), 'utf8');
  const { groups } = parse(text) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let prometheus: OwnPrometheus;
let blocks: string[];
const signal = new AbortController().signal;
const stagingFolder = () => join(folder.path, 'staging');
const recordFile = () => join(folder.path, 'history.json');
const record = () => ({ from: timeline.from, to: timeline.to, blocks });
const ownSamples = async () => (await prometheus.query('sum(count_over_time(up[31d]))'))[0]?.value ?? 0;
const install = (options: Partial<Parameters<typeof installBlocks>[0]> = {}) =>
  installBlocks({
    prometheus,
    recordFile: recordFile(),
    stagingFolder: stagingFolder(),
    record: record(),
    signal,
    verify: async () => undefined,
    ...options,
  });
const installed = async () => (await readdir(prometheus.dataFolder)).filter((name) => blocks.includes(name));

beforeAll(async () => {
  folder = await temporaryFolder();
  prometheus = await OwnPrometheus.start(folder.path);
  await patiently('a sample of its own', async () => (await ownSamples()) > 0);
  blocks = await buildBlocks({
    promtool: prometheus.promtool,
    timeline,
    objectives: readObjectives(),
    folder: stagingFolder(),
    signal,
  });
  // Staged blocks are moved; each test takes the same ones.
  await cp(stagingFolder(), join(folder.path, 'pristine'), { recursive: true });
  await install();
}, 240_000);

afterAll(async () => {
  await prometheus[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Objectives for which each alert's expression holds at a time: `ErrorBudgetBurn1d api-availability`. */
async function firing(time: number): Promise<string[]> {
  const found = [];
  for (const { alert, expr } of rules)
    if (alert !== undefined)
      for (const { labels } of await prometheus.query(expr, time)) found.push(`${alert} ${labels['slo']}`);
  return found.sort();
}

describe('burn-rate alerts on the history, as Prometheus evaluates them', () => {
  it.each(ordinaryDays.map((time) => new Date(time).toISOString()))(
    'none fires on an ordinary day (%s)',
    async (day) => {
      expect(await firing(Date.parse(day))).toEqual([]);
    },
  );

  it('all four fire for availability at the end of the incident', async () => {
    expect(await firing(duringIncident)).toEqual(
      expect.arrayContaining(
        ['1h', '6h', '1d', '3d'].map((window) => `ErrorBudgetBurn${window} api-availability`),
      ),
    );
  });

  it('the 1d and 3d tickets fire at the end of the leak, and no page does', async () => {
    expect(await firing(duringLeak)).toEqual([
      'ErrorBudgetBurn1d api-availability',
      'ErrorBudgetBurn3d api-availability',
      'ErrorBudgetBurn3d api-latency-1s',
      'ErrorBudgetBurn3d api-latency-300ms',
    ]);
  });
});

describe('what the history holds as recorded', () => {
  const recording = rules.filter(({ record: name }) => name !== undefined);
  const windowOf = ({ record: name = '' }: Rule) => /:rate(\d+[mhd])$/.exec(name)?.[1];

  it.each([
    ['incident', duringIncident],
    ['leak', duringLeak],
  ])('is what each rule says of the raw series and of each other (%s)', async (_, time) => {
    for (const rule of recording) {
      const selector = `${rule.record}{${rule.labels ? `slo="${rule.labels['slo']}"` : ''}}`;
      // Windows of minutes hold few errors, and their edges fall between two samples: an hour of them is compared.
      // A minute's rate, besides, needs samples closer than a minute: its rule is asked over the hour instead.
      const window = windowOf(rule) ?? '';
      const hourly = ['1m', '5m', '30m'].includes(window);
      const asked =
        window === '1m' ? rule.expr.replaceAll('[1m]', '[1h]') : `avg_over_time((${rule.expr})[1h:1m])`;
      const said = await prometheus.query(hourly ? asked : rule.expr, time);
      const held = await prometheus.query(hourly ? `avg_over_time(${selector}[1h])` : selector, time);
      expect(said.length, `${selector} has a rule that finds something`).toBeGreaterThan(0);
      for (const { labels, value } of said) {
        const same = held.find((each) => rule.labels ?? each.labels['slo'] === labels['slo']);
        const off = Math.abs((same?.value ?? Number.NaN) - value) / Math.abs(value);
        expect(
          off,
          `${selector} for ${labels['slo'] ?? ''}: rule ${value}, held ${same?.value}`,
        ).toBeLessThanOrEqual(0.1);
      }
    }
  });

  it('leaves a part of every 30-day budget, and more than half of none untouched', async () => {
    const budgets = await prometheus.query('slo:error_budget_remaining:ratio', timeline.to);
    expect(budgets.map(({ labels }) => labels['slo']).sort()).toEqual(
      readObjectives()
        .objectives.map(({ name }) => name)
        .sort(),
    );
    for (const { value } of budgets) {
      expect(value).toBeGreaterThan(0.05);
      expect(value).toBeLessThan(0.8);
    }
  });
});

describe('raw series of the history', () => {
  it('are all marked, end before the lab’s own and are not current now', async () => {
    const unmarked = await prometheus.query(
      '{__name__=~"http_.+|process_resident_memory_bytes",job=~"taskmanager-.+",synthetic!="history"}',
      timeline.to,
    );
    expect(unmarked).toEqual([]);
    expect(await prometheus.query('count({synthetic="history"})', timeline.to)).toHaveLength(1);
    expect(await prometheus.query('{synthetic="history"}')).toEqual([]);
    // Nothing that a live rule looks at reaches back into it.
    expect(
      await prometheus.query(
        'rate(http_requests_total{job="taskmanager-frontend"}[10m])',
        timeline.to + HOUR,
      ),
    ).toEqual([]);
  });

  it('have a daily and a weekly rhythm', async () => {
    const requests = (time: number, window: string) =>
      prometheus.query(`sum(increase(http_requests_total{synthetic="history"}[${window}]))`, time);
    const midnight = Math.floor((timeline.to - 8 * DAY) / DAY) * DAY;
    const [[day], [night]] = await Promise.all([
      requests(midnight + 17 * HOUR, '4h'),
      requests(midnight + 5 * HOUR, '4h'),
    ]);
    expect((day?.value ?? 0) / (night?.value ?? 1)).toBeGreaterThan(2);
    const toSunday = (7 - new Date(midnight).getUTCDay()) % 7;
    const sunday = midnight + (toSunday - 7) * DAY;
    const [[weekend], [weekday]] = await Promise.all([
      requests(sunday + DAY, '1d'),
      requests(sunday + 3 * DAY, '1d'),
    ]);
    expect((weekend?.value ?? 0) / (weekday?.value ?? 1)).toBeLessThan(0.6);
  });
});

describe('putting in and taking out', () => {
  it('keeps what Prometheus measured itself, and can be taken out without a trace', async () => {
    const before = await ownSamples();
    expect(await installed()).toHaveLength(blocks.length);
    expect((await readRecord(recordFile()))?.state).toBe('complete');
    expect(await removeBlocks(prometheus, recordFile(), { ...record(), state: 'complete' })).toBe(
      blocks.length,
    );
    expect(await installed()).toEqual([]);
    expect(existsSync(recordFile())).toBe(false);
    expect(await prometheus.query('count_over_time({synthetic="history"}[31d])')).toEqual([]);
    expect(await prometheus.query('count_over_time(slo:requests:rate5m[31d])')).toEqual([]);
    expect(await ownSamples()).toBeGreaterThanOrEqual(before);
  });

  const stageAgain = () => cp(join(folder.path, 'pristine'), stagingFolder(), { recursive: true });

  it('leaves nothing behind, and Prometheus running, when it is interrupted while Prometheus is stopped', async () => {
    await stageAgain();
    const interruption = new AbortController();
    const interrupting = {
      dataFolder: prometheus.dataFolder,
      start: () => prometheus.start(),
      async stop() {
        await prometheus.stop();
        interruption.abort(new Error('interrupted by the test'));
      },
    };
    await expect(install({ prometheus: interrupting, signal: interruption.signal })).rejects.toThrow(
      'interrupted by the test',
    );
    expect(await installed()).toEqual([]);
    expect(existsSync(recordFile())).toBe(false);
    expect(prometheus.isRunning).toBe(true);
    expect(await ownSamples()).toBeGreaterThan(0);
  });

  it('leaves nothing behind when a block cannot be moved after others were', async () => {
    await stageAgain();
    await rm(join(stagingFolder(), blocks[3] ?? ''), { recursive: true });
    await expect(install()).rejects.toThrow('ENOENT');
    expect(await installed()).toEqual([]);
    expect(existsSync(recordFile())).toBe(false);
    expect(prometheus.isRunning).toBe(true);
  });

  it('leaves nothing behind when Prometheus does not serve what it was given', async () => {
    await stageAgain();
    const verify = () => Promise.reject(new Error('not served'));
    await expect(install({ verify })).rejects.toThrow('not served');
    expect(await installed()).toEqual([]);
    expect(existsSync(recordFile())).toBe(false);
    expect(prometheus.isRunning).toBe(true);
  });
});
