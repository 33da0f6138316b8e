/** What was broken on purpose, and whether the lab's promises held. */
import { Empty, PageHeader } from '@lab/ui-kit';
import { Link } from 'react-router';
import type { ExperimentPage, ExperimentSummary } from '../../contract/experiments.ts';
import type { RehearsalState } from '../../contract/rehearsal.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { humanDuration } from '../format/duration.ts';
import { Async } from '../ui/async.tsx';
import { Older, usePages } from '../ui/pages.tsx';
import { TimeAgo } from '../ui/TimeAgo.tsx';
import { Verdict } from './verdict.tsx';
import './experiments.css';

export function ExperimentsPage() {
  const query = useQuery('experiments', (signal) => getJson<ExperimentPage>('/api/experiments', signal), {
    everyMs: 5000,
  });
  return (
    <>
      <PageHeader
        title="Experiments"
        lead="Each breaks one thing on purpose, and checks that the right alerts come in time and the wrong ones do not."
      />
      <LastRehearsal />
      <Async query={query} what="experiments" lines={6}>
        {(page) => <List page={page} />}
      </Async>
    </>
  );
}

/** The rehearsal is a page of its own, which `make rehearse` wrote: it has no part in the app. */
function LastRehearsal() {
  const { data } = useQuery('rehearsal', (signal) => getJson<RehearsalState>('/api/rehearsal', signal), {
    everyMs: 5000,
  });
  if (!data) return null;
  return (
    <p className="hint last-rehearsal">
      {data.at === null ? (
        <>
          <code>make rehearse</code> plays edited rules against recorded incidents in seconds; what it finds
          appears here.
        </>
      ) : (
        <>
          <a href="/rehearsal">What edited rules would have done</a>: rehearsed <TimeAgo at={data.at} />
        </>
      )}
    </p>
  );
}

function List({ page }: { page: ExperimentPage }) {
  const { items, older } = usePages('/api/experiments', page, ({ id }) => id);
  if (items.length === 0)
    return (
      <Empty title="No experiment has run yet">
        <code>make chaos</code> runs the core ones in a few minutes; their proof appears here.
      </Empty>
    );
  return (
    <div className="stack">
      <section className="card">
        <p className="experiments-head hint" aria-hidden="true">
          <span>Experiment</span>
          <span>Began</span>
          <span>Took</span>
          <span>Promises</span>
          <span>Verdict</span>
        </p>
        <ul className="experiments rows">
          {items.map((experiment) => (
            <Entry key={experiment.id} experiment={experiment} />
          ))}
        </ul>
      </section>
      <Older older={older}>Older experiments</Older>
    </div>
  );
}

function Entry({ experiment }: { experiment: ExperimentSummary }) {
  const { id, title, name, startedAt, endedAt, promises, speed, mode } = experiment;
  return (
    <li>
      <div className="experiment-text">
        <Link to={`/experiments/${encodeURIComponent(id)}`} className="experiment-title wrap-anywhere">
          {title}
        </Link>
        <p className="hint">
          {name} · {mode}
          {speed === 1 ? ' · rules as written' : ` · rules at ${speed}× speed`}
        </p>
      </div>
      <span className="hint nowrap">
        <TimeAgo at={startedAt} />
      </span>
      <span className="hint nowrap">
        {endedAt !== null && (
          <>
            <span className="narrow-only">took </span>
            {humanDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}
          </>
        )}
      </span>
      <span className="hint nowrap">
        {promises.kept + promises.broken > 0 && `${promises.kept} of ${promises.kept + promises.broken} kept`}
      </span>
      <Verdict experiment={experiment} />
    </li>
  );
}
