import { describe, expect, it } from 'vitest';
import { AcknowledgedWrites } from '../../src/load/acknowledged-writes.ts';
import { LoadCounts } from '../../src/load/counts.ts';
import { brokenPromises, makeReport, percent } from '../../src/load/report/report.ts';
import { reportPage } from '../../src/load/report/report-page.ts';
import { summaryOf } from '../../src/load/report/summary.ts';
import type { Course } from '../../src/load/run-load.ts';

function course(over: Partial<Course> = {}): Course {
  const startedAt = new Date('2026-01-01T12:00:00Z');
  const counts = new LoadCounts([0.3]);
  const request = { method: 'GET', route: '/api/v1/tasks', expected: 200, at: startedAt.getTime() };
  for (let number = 0; number < 9; number += 1) counts.add({ ...request, result: 200, seconds: 0.1 });
  counts.add({ ...request, result: 503, seconds: 0.1, traceId: 'feed' });
  return {
    startedAt,
    endedAt: new Date('2026-01-01T12:00:01Z'),
    seconds: 1,
    interrupted: false,
    asked: { requests: 10 },
    counts,
    writes: new AcknowledgedWrites(),
    turnedAway: 0,
    worstLagSeconds: 0,
    rateErrorPercent: 0,
    rateReached: true,
    kept: [],
    ...over,
  };
}

const about = {
  profile: 'smoke',
  purpose: '<script>alert(1)</script>',
  mode: 'lite',
  engine: { name: 'own', version: '1' },
  testId: 'smoke-1',
  stages: [{ seconds: 1, from: 10, to: 10 }],
  consoleUrl: 'http://127.0.0.1:8000',
  visitor: undefined,
};
const broken = {
  objective: 'api-availability',
  title: 'answered',
  promised: 0.999,
  measured: 0.99,
  kept: false,
};

describe('a load’s report', () => {
  it('names each broken promise with what was promised and what was measured', () => {
    expect(brokenPromises(course({ kept: [broken, { ...broken, kept: true }] }))).toEqual([
      'api-availability: answered: 99 %, promised 99.9 %',
    ]);
    expect(brokenPromises(course({ kept: [{ ...broken, measured: undefined }] }))).toEqual([
      'api-availability: answered: nothing to measure, promised 99.9 %',
    ]);
  });

  it.each([
    ['turned away', { turnedAway: 7 }, 'this machine could not, 7 journeys were turned away'],
    ['failing', {}, 'journeys ended early, because requests failed'],
  ])('says why the rate was not reached: %s', (_, over, reason) => {
    const [said] = brokenPromises(course({ rateReached: false, asked: { requests: 20 }, ...over }));
    expect(said).toMatch(/^rate: 10 requests sent, 20 asked/);
    expect(said).toContain(reason);
  });

  it('holds an interrupted run to its objectives, not to its rate', () => {
    expect(brokenPromises(course({ rateReached: false, interrupted: true }))).toEqual([]);
  });

  it('leads from a slow request to its trace', () => {
    expect(makeReport(course(), about).slowest).toMatchObject([
      { name: 'GET /api/v1/tasks', result: '503', url: 'http://127.0.0.1:8000/traces/feed' },
    ]);
  });

  it('never rounds a share up to what was promised', () => {
    expect(percent(0.998_999_9)).toBe('99.899 %');
    expect(percent(1)).toBe('100 %');
  });

  it('is a page that shows texts as texts', () => {
    const page = reportPage(makeReport(course({ kept: [broken] }), about));
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&#60;script&#62;alert(1)');
    expect(page).toContain('Broken: api-availability');
    // “Load average” is another thing.
    expect(page).toMatch(/<h1>Load test, profile \w+/);
  });

  it('is a summary that says of each objective whether it was kept', () => {
    const lines = summaryOf(
      makeReport(course({ kept: [broken, { ...broken, kept: true, measured: 1 }] }), about),
    );
    expect(lines).toContain('BROKEN  answered: 99 % (promised 99.9 %)');
    expect(lines).toContain('kept    answered: 100 % (promised 99.9 %)');
  });
});
