import { PANELS_PUT_RIGHT, shareOf } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';
import { DASHBOARDS } from '../src/dashboards.ts';
import { everything, panelsOf } from '../src/gate/collect.ts';
import { fillIn } from '../src/gate/fill-in.ts';
import { readsOf } from './support/joined.ts';

/** What adds up may be added or counted, what is the same may not; what is each one's own may be joined in any way that the panel says. */
const ADDING = ['sum', 'count', 'avg'];

/** Returns what a second instance would spoil; nothing where none would. */
function spoiltIn(promql: string, tellsInstances: boolean): string[] {
  return readsOf(promql).flatMap(({ metric, joinedBy }) => {
    const share = metric.startsWith('ALERTS') || metric.startsWith('k6_') ? 'one' : shareOf(metric);
    if (share === 'one') return [];
    if (joinedBy === undefined) return tellsInstances ? [] : [`${metric}: two lines of one name`];
    if (share === 'same' && ADDING.includes(joinedBy) && joinedBy !== 'avg')
      return [`${metric}: counted twice`];
    if (share === 'work' && !ADDING.includes(joinedBy)) return [`${metric}: only one of the two is shown`];
    return [];
  });
}

describe('with two instances of everything', () => {
  test.each(DASHBOARDS.map((dashboard) => [dashboard.uid, dashboard] as const))(
    '%s shows each once, and says which where it shows both',
    (_, dashboard) => {
      const values = everything(dashboard);
      const spoilt = panelsOf(dashboard).flatMap((panel) => {
        const drawn = JSON.stringify(panel.build(1, { x: 0, y: 0, w: 1, h: 1 }).build());
        const isTable = panel.queries.every(({ legend }) => legend === undefined);
        return panel.queries.flatMap(({ promql, legend = '' }) =>
          spoiltIn(
            fillIn(promql, values),
            isTable ? drawn.includes('"instance"') : /\{\{(?:instance|alertmanager)\}\}/.test(legend),
          ).map((problem) => `${panel.title}: ${problem}`),
        );
      });
      expect(spoilt).toEqual([]);
    },
  );
});

describe('what was right for one instance only', () => {
  test.each(PANELS_PUT_RIGHT)(
    '$dashboard: $panels, as it was, is noticed',
    ({ dashboard, panels, before }) => {
      const found = DASHBOARDS.find(({ uid }) => uid === dashboard);
      const titles = found ? panelsOf(found).map(({ title }) => title) : [];
      expect(titles).toEqual(expect.arrayContaining([...panels]));
      expect(spoiltIn(before, false)).not.toEqual([]);
    },
  );
});

describe('the check', () => {
  test.each([
    ['sum(worker_queue_depth)', ['worker_queue_depth: counted twice']],
    ['max(worker_queue_depth)', []],
    ['sum(max by (queue) (worker_queue_depth))', []],
    ['max(rate(http_requests_total[5m]))', ['http_requests_total: only one of the two is shown']],
    ['sum by (instance) (rate(http_requests_total[5m]))', ['http_requests_total: two lines of one name']],
    ['up', ['up: two lines of one name']],
  ])('of %s finds %o', (promql, expected) => {
    expect(spoiltIn(promql, false)).toEqual(expected);
  });
});
