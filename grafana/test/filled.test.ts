import { describe, expect, test } from 'vitest';
import { alertsFiring } from '../src/build/annotations.ts';
import { type Dashboard, dashboard, section } from '../src/build/dashboard.ts';
import type { Query } from '../src/build/query.ts';
import { timeSeries } from '../src/build/time-series.ts';
import { experiment } from '../src/build/until.ts';
import { DASHBOARDS } from '../src/dashboards.ts';
import { dashboardQueries } from '../src/gate/collect.ts';
import { experimentsWaitedFor, filledBy } from '../src/gate/filled.ts';
import { scriptedPrometheus } from './support/scripted-prometheus.ts';

const MINUTE = { from: 1_700_000_000_000, to: 1_700_000_060_000 };
const TWO_HOURS = { from: 1_700_000_000_000, to: 1_700_007_200_000 };

const query = (promql: string, filler?: string): Query => ({
  promql,
  legend: promql,
  ...(filler !== undefined && { until: experiment(filler) }),
});

/** A dashboard of one panel, whose alerts are marked when `alarm` runs. */
function given(uid: string, ...queries: Query[]): Dashboard {
  const about = { shows: 'what is asked', normal: 'nothing at all', act: 'look elsewhere' };
  const panel = timeSeries('Trouble', { ...about, queries, width: 24 });
  return dashboard({
    uid,
    title: uid,
    description: uid,
    alerts: alertsFiring('', 'alarm'),
    variables: [{ name: 'job', label: 'Job', selector: 'up', of: 'job' }],
    next: {},
    sections: [section('', [panel])],
  });
}

describe('after an experiment', () => {
  test('each panel that waited for it is named, with what stayed empty', async () => {
    await using prometheus = await scriptedPrometheus((asked) => (asked === 'seen' ? ['1'] : []));
    const dashboards = [
      given('first', query('seen', 'fire')),
      given('second', query('calm'), query('seen', 'fire'), query('missed{job=~"$job"}', 'fire')),
      given('third', query('other', 'flood')),
    ];
    expect(await filledBy('fire', { url: prometheus.url, between: MINUTE, dashboards })).toEqual([
      { where: 'panel "Trouble" of first' },
      { where: 'panel "Trouble" of second', empty: 'C: no data for missed{job=~".*"}' },
    ]);
    expect(prometheus.asked.map((each) => each.query)).toEqual(['seen', 'missed{job=~".*"}']);
  });

  test('an annotation that dashboards share is asked for once and named with all of them', async () => {
    await using prometheus = await scriptedPrometheus(() => []);
    const dashboards = [given('first'), given('second')];
    const found = await filledBy('alarm', { url: prometheus.url, between: MINUTE, dashboards });
    expect(found).toMatchObject([{ where: 'annotation "Alerts" of first, second' }]);
    expect(found[0]?.empty).toContain('no data for ALERTS{');
    expect(prometheus.asked).toHaveLength(1);
  });

  test('every second of its time is asked for, of a long one as many moments as a graph has', async () => {
    await using prometheus = await scriptedPrometheus(() => ['1']);
    const options = { url: prometheus.url, dashboards: [given('first', query('seen', 'fire'))] };
    await filledBy('fire', { ...options, between: MINUTE });
    await filledBy('fire', { ...options, between: TWO_HOURS });
    expect(prometheus.asked).toEqual([
      { query: 'seen', start: 1_700_000_000, end: 1_700_000_060, step: 1 },
      { query: 'seen', start: 1_700_000_000, end: 1_700_007_200, step: 12 },
    ]);
  });

  test.each<[string, readonly string[] | string, string | undefined]>([
    ['a value at one moment', ['NaN', '0', 'NaN'], undefined],
    ['no number at any moment', ['NaN', 'NaN'], 'no data for seen'],
    ['a refusal', 'too many samples', 'refused: too many samples'],
  ])('%s: what it means for the panel is said', async (_, reply, empty) => {
    await using prometheus = await scriptedPrometheus(() => reply);
    const dashboards = [given('first', query('seen', 'fire'))];
    const [found] = await filledBy('fire', { url: prometheus.url, between: MINUTE, dashboards });
    expect(found?.empty).toBe(empty);
  });

  test('a Prometheus that does not answer fills nothing', async () => {
    const { url, ...stopped } = await scriptedPrometheus(() => []);
    await stopped[Symbol.asyncDispose]();
    const dashboards = [given('first', query('seen', 'fire'))];
    const [found] = await filledBy('fire', { url, between: MINUTE, dashboards });
    expect(found?.empty).toContain('not known: Prometheus does not answer');
  });

  test('that nothing waits for, nothing is asked', async () => {
    await using prometheus = await scriptedPrometheus(() => []);
    expect(await filledBy('nobody-waits', { url: prometheus.url, between: MINUTE })).toEqual([]);
    expect(prometheus.asked).toEqual([]);
  });
});

test('whatever the lab’s dashboards leave empty until an experiment is asked for after one', async () => {
  await using prometheus = await scriptedPrometheus(() => ['1']);
  const names = experimentsWaitedFor();
  expect(names).toContain('api-errors');
  for (const name of names) await filledBy(name, { url: prometheus.url, between: MINUTE });
  const waiting = dashboardQueries(DASHBOARDS).filter(
    ({ until }) => until !== undefined && until !== 'trouble' && until.fills === 'experiment',
  );
  expect(new Set(prometheus.asked.map((each) => each.query))).toEqual(
    new Set(waiting.map(({ promql }) => promql)),
  );
});
