import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { readObjectives } from '@lab/prometheus';
import { LATENCY_BUCKETS } from '@lab/telemetry';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { openMetrics } from '../../src/history/open-metrics.ts';
import { RecordedRates } from '../../src/history/recorded-rates.ts';
import { behaviourAt, DAY, HOUR, MINUTE, timelineUntil } from '../../src/history/timeline.ts';
import { BUCKETS, Traffic } from '../../src/history/traffic.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
/** A Monday. */
const SOME_DAY = Date.UTC(2026, 10, 16, 10, 17);

/** Of the whole history before `end`, as `name objective`: what was recorded last, during the incident and during the leak. */
function outcome(end: number) {
  const objectives = readObjectives();
  const timeline = timelineUntil(end, 30);
  const traffic = new Traffic();
  const rates = objectives.objectives.map((objective) => new RecordedRates(objective, objectives));
  const now = new Map<string, number>();
  let [incident, leak] = [new Map<string, number>(), new Map<string, number>()];
  let calm = 0;
  for (let time = timeline.from; time <= timeline.to; time += MINUTE) {
    traffic.advance(behaviourAt(timeline, time));
    const counters = traffic.counters();
    for (const each of rates)
      for (const [name, value] of each.record(time, counters)) {
        now.set(`${name} ${each.labels.slo}`, value);
        if (name === 'slo:burn_rate:rate6h' && time > timeline.leak.to + 6 * HOUR)
          calm = Math.max(calm, value);
      }
    if (time === timeline.incident.to - 5 * MINUTE) incident = new Map(now);
    if (time === timeline.leak.to - HOUR) leak = new Map(now);
  }
  return { last: now, incident, leak, calm };
}

describe('the invented past', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])(
    'spends part of each budget, pages in the incident, opens tickets in the leak, ends calm, whatever day it ends on (%i)',
    (day) => {
      const { last, incident, leak, calm } = outcome(SOME_DAY + day * DAY + day * 3 * HOUR);
      const { objectives, burnRates } = readObjectives();
      for (const { name } of objectives) {
        const remaining = last.get(`slo:error_budget_remaining:ratio ${name}`);
        expect(remaining, name).toBeGreaterThan(0.1);
        expect(remaining, name).toBeLessThan(0.8);
      }
      for (const { alert, factor, long, short, severity } of burnRates) {
        const burning = (at: Map<string, number>) =>
          [long, short].every(
            (window) => (at.get(`slo:burn_rate:rate${window} api-availability`) ?? 0) > factor * 1.05,
          );
        expect([alert, burning(incident), burning(leak)]).toEqual([alert, true, severity === 'warning']);
      }
      expect(calm).toBeLessThan(0.9);
    },
  );

  it('has the buckets of the services’ own histograms', () => {
    expect(BUCKETS).toEqual(LATENCY_BUCKETS);
  });

  it('only ever counts up, bucket within bucket, to whole numbers', () => {
    const timeline = timelineUntil(SOME_DAY, 30);
    const traffic = new Traffic();
    let before = traffic.counters();
    for (let time = timeline.incident.from - DAY; time < timeline.incident.to + DAY; time += MINUTE) {
      traffic.advance(behaviourAt(timeline, time));
      const now = traffic.counters();
      now.forEach(({ cumulative, count }, index) => {
        const rising = [...cumulative, count];
        expect(rising.every((value, at) => value >= (rising[at - 1] ?? 0) && Number.isInteger(value))).toBe(
          true,
        );
        expect(cumulative.every((value, at) => value >= (before[index]?.cumulative[at] ?? 0))).toBe(true);
      });
      before = now;
    }
  });

  it('is written minute by minute, each series once a minute, raw ones marked', () => {
    const minutes = openMetrics(timelineUntil(SOME_DAY, 30), readObjectives());
    minutes.next();
    const { value } = minutes.next();
    if (!value) throw new Error('expected a second minute');
    const lines = value.text.trimEnd().split('\n');
    const series = lines.map((line) => line.slice(0, line.indexOf('} ') + 1));
    expect(new Set(series).size).toBe(series.length);
    for (const line of lines) {
      expect(line).toMatch(/^[a-z_:0-9]+\{[^}]+\} [0-9.e-]+ \d+$/);
      expect(line.includes('synthetic="history"')).toBe(!line.startsWith('slo:'));
      expect(line.endsWith(` ${value.time / 1000}`)).toBe(true);
    }
  });
});

describe('lab history', () => {
  it.each([[], ['--clean']])(
    'says in one line that the lab is not up, and exits with 2 (%j)',
    async (...args) => {
      await using folder = await temporaryFolder();
      const env = { ...process.env, LAB_STATE_DIR: folder.path, NO_COLOR: '1' };
      const answer = await new Promise((resolve) => {
        execFile(process.execPath, [MAIN, 'history', ...args], { env }, (error, stdout, stderr) =>
          resolve({ status: error?.code ?? 0, stdout, stderr }),
        );
      });
      expect(answer).toEqual({ status: 2, stdout: '', stderr: 'the lab is not up: run `make up` first\n' });
    },
  );
});
