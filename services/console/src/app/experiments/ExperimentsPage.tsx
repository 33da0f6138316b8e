/** What was broken on purpose, and whether the lab's promises held. */
import { Button, Empty, PageHeader } from '@lab/ui-kit';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ExperimentPage, ExperimentSummary } from '../../contract/experiments.ts';
import { ApiError, getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { humanDuration } from '../format/duration.ts';
import { Async } from '../ui/async.tsx';
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
      <Async query={query} what="experiments" lines={6}>
        {(page) => <List page={page} />}
      </Async>
    </>
  );
}

function List({ page }: { page: ExperimentPage }) {
  const [older, setOlder] = useState<ExperimentPage[]>([]);
  const [failure, setFailure] = useState<string>();
  const pages = [page, ...older];
  const cursor = pages.at(-1)?.nextCursor ?? null;
  const items = [...new Map(pages.flatMap(({ items }) => items).map((item) => [item.id, item])).values()];
  if (items.length === 0)
    return (
      <Empty title="No experiment has run yet">
        <code>make chaos</code> runs the core ones in a few minutes; their proof appears here.
      </Empty>
    );
  const more = async () => {
    try {
      const parameters = { cursor: cursor ?? undefined };
      const next = await getJson<ExperimentPage>(
        '/api/experiments',
        new AbortController().signal,
        parameters,
      );
      setOlder([...older, next]);
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : String(error));
    }
  };
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
      {failure !== undefined && (
        <p className="text-critical" role="alert">
          {failure}
        </p>
      )}
      {cursor !== null && (
        <p>
          <Button onClick={() => void more()}>Older experiments</Button>
        </p>
      )}
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
