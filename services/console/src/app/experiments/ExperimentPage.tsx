import { Empty, Icon, PageHeader } from '@lab/ui-kit';
import { Link, useParams } from 'react-router';
import type { Experiment, ExperimentResult } from '../../contract/experiments.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { humanDuration } from '../format/duration.ts';
import { dateTime } from '../format/time.ts';
import { useLab } from '../shell/lab-context.ts';
import { Async } from '../ui/async.tsx';
import { JsonTree } from '../ui/JsonTree.tsx';
import { AlertLanes } from './AlertLanes.tsx';
import { alertLanes, furtherResults, rollbackAfter, timelineEvents } from './result.ts';
import { Timeline } from './Timeline.tsx';
import { Verdict } from './verdict.tsx';
import './experiments.css';

export function ExperimentPage() {
  const { id = '' } = useParams();
  const query = useQuery(
    `experiment ${id}`,
    (signal) => getJson<Experiment>(`/api/experiments/${encodeURIComponent(id)}`, signal),
    { everyMs: 5000 },
  );
  if (query.error?.status === 404)
    return (
      <Empty title="There is no such experiment">
        <Link to="/experiments">All experiments</Link>
      </Empty>
    );
  return (
    <Async query={query} what="the experiment" lines={8}>
      {(experiment) => <Content experiment={experiment} />}
    </Async>
  );
}

function Content({ experiment }: { experiment: Experiment }) {
  const { title, name, startedAt, endedAt, speed, mode, result, state } = experiment;
  const { lab } = useLab();
  const lanes = alertLanes(result);
  const events = timelineEvents(result, startedAt);
  const range = `from=${Date.parse(startedAt) - 60_000}&to=${endedAt === null ? 'now' : Date.parse(endedAt) + 60_000}`;
  return (
    <div className="stack">
      <PageHeader
        title={title}
        lead={
          <>
            {name} · {mode} mode · {dateTime(Date.parse(startedAt))}
            {endedAt !== null && ` · ${humanDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}`}
            {speed !== 1 && ` · rules and Alertmanager at ${speed}× speed`}
          </>
        }
      >
        <Verdict experiment={experiment} />
        {lab?.features.dashboards === true && (
          <Link className="button" to={`/dashboards/application?${range}`}>
            <Icon name="dashboards" /> Dashboard of these minutes
          </Link>
        )}
        {lab?.features.logs === true && (
          <Link className="button" to={`/logs?${range}`}>
            <Icon name="logs" /> Logs
          </Link>
        )}
      </PageHeader>
      {result === null && (
        <Empty title={state === 'running' ? 'Still running' : 'Its end was never reported'}>
          {state === 'running'
            ? 'The proof appears here when it ends.'
            : 'There is nothing to conclude from it.'}
        </Empty>
      )}
      {result?.hypothesis !== undefined && (
        <section className="card card-body stack-s" aria-labelledby="hypothesis-title">
          <h2 id="hypothesis-title">Hypothesis</h2>
          <p className="prose wrap-anywhere">{result.hypothesis}</p>
          <Steps result={result} />
        </section>
      )}
      {lanes.length > 0 && <AlertLanes lanes={lanes} rollback={rollbackAfter(result)} />}
      <Promises promises={result?.promises ?? []} />
      {events.length > 0 && <Timeline events={events} />}
      <Further result={result} />
    </div>
  );
}

function Steps({ result }: { result: ExperimentResult }) {
  const lists = [
    { title: 'Method', steps: result.method ?? [] },
    { title: 'Rollback', steps: result.rollbacks ?? [] },
  ].filter(({ steps }) => steps.length > 0);
  if (lists.length === 0) return null;
  return (
    <div className="steps">
      {lists.map(({ title, steps }) => (
        <section key={title}>
          <h3>{title}</h3>
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function Promises({ promises }: { promises: NonNullable<ExperimentResult['promises']> }) {
  if (promises.length === 0) return null;
  return (
    <section className="card" aria-labelledby="promises-title">
      <header className="card-head">
        <h2 id="promises-title">Promises</h2>
      </header>
      <ul className="promises rows">
        {promises.map((promise) => (
          <li key={promise.text} className={promise.kept ? 'tone-ok' : 'tone-critical'}>
            <Icon name={promise.kept ? 'ok' : 'error'} label={promise.kept ? 'kept' : 'broken'} />
            <span className="promise-text wrap-anywhere">{promise.text}</span>
            <span className="muted">
              {promise.expected !== undefined && <>expected {promise.expected}</>}
              {promise.observed !== undefined && (
                <>
                  {promise.expected !== undefined && ', '}observed <strong>{promise.observed}</strong>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Further({ result }: { result: ExperimentResult | null }) {
  const further = furtherResults(result);
  if (further.length === 0) return null;
  return (
    <section className="card" aria-labelledby="further-title">
      <header className="card-head">
        <h2 id="further-title">Further results</h2>
      </header>
      <div className="card-body">
        <JsonTree value={Object.fromEntries(further)} />
      </div>
    </section>
  );
}
