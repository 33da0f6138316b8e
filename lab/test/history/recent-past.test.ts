import { join } from 'node:path';
import { patiently, temporaryFolder } from '@lab/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBlocksOf } from '../../src/history/build-blocks.ts';
import { installBlocks, removeBlocks } from '../../src/history/install.ts';
import { recentPast } from '../../src/history/recent-past.ts';
import { readRecord } from '../../src/history/record.ts';
import { OwnPrometheus } from './own-prometheus.ts';

const SECOND = 1000;
const series = [
  { labels: { __name__: 'slo:requests:rate1m', slo: 'a "b"', service: 'api' }, value: 3 },
  { labels: { __name__: 'lab:latency_p90:rate2m' }, value: 0.02 },
];

describe('the text of a recent past', () => {
  const lines = [...recentPast({ from: 10_000, to: 12_000, stepMs: 1_000, series })].map((line) =>
    line.trim(),
  );

  test('has a sample of each series at each step, oldest first', () => {
    expect(lines.filter((line) => line.startsWith('lab:'))).toEqual(
      [10, 11, 12].map((time) => `lab:latency_p90:rate2m 0.02 ${time}`),
    );
    expect(lines[0]).toBe('slo:requests:rate1m{slo="a \\"b\\"",service="api"} 3 10');
  });

  test('is marked: 1 where it is invented, and 0 at its end, so that the mark does not last into what is measured', () => {
    const mark = 'lab_history_phase{phase="calm",synthetic="history"}';
    expect(lines.filter((line) => line.startsWith('lab_'))).toEqual([
      `${mark} 1 10`,
      `${mark} 1 11`,
      `${mark} 0 12`,
    ]);
  });
});

describe('a recent past in a running Prometheus', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let prometheus: OwnPrometheus;
  let began = Number.POSITIVE_INFINITY;
  let blocks: string[];
  const signal = new AbortController().signal;
  const recordFile = () => join(folder.path, 'recent-past.json');
  const value = async (expression: string) => (await prometheus.query(expression))[0]?.value;

  beforeAll(async () => {
    folder = await temporaryFolder();
    prometheus = await OwnPrometheus.start(folder.path);
    // An empty head says that it begins at the end of all time.
    await patiently('samples of its own', async () => {
      began = ((await value('min(prometheus_tsdb_head_min_time_seconds)')) ?? Infinity) * SECOND;
      return began < Date.now();
    });
    const stagingFolder = join(folder.path, 'staging');
    const [from, to] = [began - 390 * SECOND, began - SECOND];
    blocks = await buildBlocksOf(recentPast({ from, to, stepMs: SECOND, series }), {
      promtool: prometheus.promtool,
      folder: stagingFolder,
      signal,
    });
    await installBlocks({
      prometheus,
      recordFile: recordFile(),
      stagingFolder,
      record: { from, to, blocks },
      signal,
      verify: async () => undefined,
    });
  }, 240_000);

  afterAll(async () => {
    await prometheus[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test('fills the windows that rules look back at, at time scale 10', async () => {
    expect(await value('present_over_time(slo:requests:rate1m[3m] offset 3m)')).toBe(1);
    expect(await value('avg_over_time(slo:requests:rate1m[6m])')).toBe(3);
    expect(await value('quantile_over_time(0.5, lab:latency_p90:rate2m[6m] offset 30s)')).toBe(0.02);
  });

  test('leaves what was measured before it was put in', async () => {
    expect(await value(`up @ ${(began + SECOND) / SECOND}`)).toBe(1);
  });

  test('counts as invented before the first sample, and not now', async () => {
    expect(await value(`lab_history_phase @ ${(began - 60 * SECOND) / SECOND}`)).toBe(1);
    expect((await value('lab_history_phase == 1')) ?? 'none').toBe('none');
  });

  test('is out again on demand, and what was measured stays', async () => {
    const record = await readRecord(recordFile());
    if (!record) throw new Error('expected a note of what was put in');
    expect(await removeBlocks(prometheus, recordFile(), record)).toBe(blocks.length);
    expect((await value('count_over_time(slo:requests:rate1m[20m])')) ?? 'none').toBe('none');
    expect(await value(`up @ ${(began + SECOND) / SECOND}`)).toBe(1);
    expect(await readRecord(recordFile())).toBeUndefined();
  });
});
