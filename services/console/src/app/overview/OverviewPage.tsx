/** What is wrong, how users fare, what promises are left, what runs: the page to open first. */
import { Icon } from '@lab/ui-kit';
import { Link } from 'react-router';
import type { Overview } from '../../contract/overview.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { clock } from '../format/time.ts';
import { Async, IfKnown } from '../ui/async.tsx';
import { AlertList } from './AlertList.tsx';
import { headline } from './headline.ts';
import { Objectives } from './Objectives.tsx';
import { Parts } from './Parts.tsx';
import { TrafficTiles } from './TrafficTiles.tsx';
import './overview.css';

const EVERY_MS = 5000;
const HEADLINE_ICON = { ok: 'ok', warning: 'warning', critical: 'error', unknown: 'unknown' } as const;

export function OverviewPage() {
  const query = useQuery('overview', (signal) => getJson<Overview>('/api/overview', signal), {
    everyMs: EVERY_MS,
  });
  return (
    <Async query={query} what="the overview" lines={9}>
      {(overview) => <Content overview={overview} />}
    </Async>
  );
}

function Content({ overview }: { overview: Overview }) {
  const { tone, title, facts } = headline(overview);
  return (
    <div className="stack">
      <header className={`headline tone-${tone}`}>
        <Icon name={HEADLINE_ICON[tone]} />
        <div>
          <h1>{title}</h1>
          <p>{facts.join(' · ')}</p>
        </div>
        <p className="headline-time">as of {clock(Date.parse(overview.at))}</p>
      </header>
      <section aria-labelledby="traffic-title" className="stack-s">
        <h2 id="traffic-title">
          Requests to the API <span className="muted">last 30 minutes</span>
        </h2>
        <IfKnown of={overview.traffic} what="Traffic">
          {(traffic) => <TrafficTiles traffic={traffic} />}
        </IfKnown>
      </section>
      <div className="overview-columns">
        <section className="card" aria-labelledby="alerts-title">
          <header className="card-head">
            <h2 id="alerts-title">Alerts</h2>
            <Link to="/alerts">All alerts and rules</Link>
          </header>
          <IfKnown of={overview.alerts} what="Alerts">
            {(alerts) => <AlertList alerts={alerts} />}
          </IfKnown>
        </section>
        <section className="card" aria-labelledby="objectives-title">
          <header className="card-head">
            <h2 id="objectives-title">Objectives</h2>
            <span className="muted">30 days</span>
          </header>
          <IfKnown of={overview.objectives} what="Objectives">
            {(objectives) => <Objectives objectives={objectives} />}
          </IfKnown>
        </section>
      </div>
      <section className="card" aria-labelledby="parts-title">
        <header className="card-head">
          <h2 id="parts-title">Parts</h2>
          {overview.partsSource.status === 'unknown' && (
            <span className="text-warning">{overview.partsSource.reason}</span>
          )}
        </header>
        <Parts parts={overview.parts} />
      </section>
    </div>
  );
}
