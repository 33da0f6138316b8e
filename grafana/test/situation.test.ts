import { describe, expect, test } from 'vitest';
import { alertsFiring } from '../src/build/annotations.ts';
import { dashboard, section } from '../src/build/dashboard.ts';
import { timeSeries } from '../src/build/time-series.ts';
import { fullOnly, minutesOld } from '../src/build/until.ts';
import { DASHBOARDS } from '../src/dashboards.ts';
import { checkDashboards } from '../src/gate/check.ts';
import { Prometheus } from '../src/gate/prometheus.ts';
import { fullAge, situationOf } from '../src/gate/situation.ts';
import { type LabOfPrometheus, prometheusOfALab } from './support/prometheus-of-a-lab.ts';

const about = { shows: 'what is asked', normal: 'nothing at all', act: 'look elsewhere' };
/** One panel that needs eight minutes, one that needs Fluentd. */
const given = dashboard({
  uid: 'given',
  title: 'given',
  description: 'given',
  alerts: alertsFiring(),
  variables: [{ name: 'queue', label: 'Queue', selector: 'worker_queue_depth', of: 'queue' }],
  next: {},
  sections: [
    section('', [
      timeSeries('Band', { ...about, queries: [{ promql: 'band', legend: '', until: minutesOld(8) }] }),
      timeSeries('Way', { ...about, queries: [{ promql: 'fluentd_way', legend: '', until: fullOnly }] }),
    ]),
  ],
});

async function situation(lab: LabOfPrometheus) {
  await using prometheus = await prometheusOfALab(lab);
  return { ...(await situationOf(new Prometheus(prometheus.url))), asked: prometheus.asked };
}

describe('the gate finds out by itself', () => {
  test('for how long there has been traffic', async () => {
    const { minutesOfTraffic, asked } = await situation({ secondsOfTraffic: 480, timeScale: 1 });
    expect(minutesOfTraffic).toBe(8);
    expect(asked).toEqual([
      'time() - min_over_time(timestamp(lab:request_rate:rate2m > 1 unless on () lab_history_phase == 1)[1h:10s])',
    ]);
  });

  test('how fast the loaded rules run: at ten times, a minute is ten of theirs', async () => {
    const { minutesOfTraffic, asked } = await situation({ secondsOfTraffic: 60, timeScale: 10 });
    expect(minutesOfTraffic).toBe(10);
    expect(asked).toEqual([
      'time() - min_over_time(timestamp(lab:request_rate:rate2m > 1 unless on () lab_history_phase == 1)[6m:1s])',
    ]);
  });

  test('that there has been none', async () => {
    expect(await situation({ timeScale: 1 })).toMatchObject({ minutesOfTraffic: 0, standsIn: true });
  });

  test.each([
    [true, ['prometheus', 'lab-console']],
    [false, ['prometheus', 'lab-console', 'fluentd', 'jaeger']],
  ])('whether the console stands in for parts (%s), from what is scraped', async (standsIn, jobs) => {
    expect(await situation({ timeScale: 1, jobs })).toMatchObject({ standsIn, jobs: new Set(jobs) });
  });
});

describe('the gate', () => {
  const emptyIn = async (lab: LabOfPrometheus) => {
    await using prometheus = await prometheusOfALab(lab);
    const { empty } = await checkDashboards(prometheus.url, [given]);
    return empty.map((line) => line.split('\n')[0]);
  };
  const starts = 'given annotation "Starts"';
  const variable = 'given variable "queue": label_values(worker_queue_depth, queue)';

  test('demands what only a past can show once the traffic is as old', async () => {
    expect(await emptyIn({ timeScale: 10, secondsOfTraffic: 47 })).toEqual([starts, variable]);
    expect(await emptyIn({ timeScale: 10, secondsOfTraffic: 48 })).toEqual([
      'given "Band" A',
      starts,
      variable,
    ]);
  });

  test('demands in full mode what only full mode has', async () => {
    expect(await emptyIn({ timeScale: 1, jobs: ['fluentd'] })).toEqual(['given "Way" A', starts, variable]);
  });
});

test('what waits longest waits for less than the hour that the gate looks back', () => {
  expect(fullAge(DASHBOARDS)).toBeGreaterThan(0);
  expect(fullAge(DASHBOARDS)).toBeLessThan(60);
});
