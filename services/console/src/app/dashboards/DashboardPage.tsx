/** One dashboard: variables, time range, rows of panels on Grafana's grid of 24 columns. */
import { Empty, PageHeader } from '@lab/ui-kit';
import { useEffect } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { parseDuration } from '../format/duration.ts';
import { fillTemplate } from '../links/target.ts';
import { FullModeNotice } from '../shell/FullModeNotice.tsx';
import { useLab } from '../shell/lab-context.ts';
import { fixedRange, type TimeRange } from '../time/range.ts';
import { TimeControls } from '../time/TimeControls.tsx';
import { useTimeRange } from '../time/use-time-range.ts';
import { Async, Failure } from '../ui/async.tsx';
import { SmartLink } from '../ui/SmartLink.tsx';
import { DashboardRows } from './DashboardRows.tsx';
import { loadAnnotations } from './load-annotations.ts';
import { MarkLegend } from './MarkLegend.tsx';
import { interpolate } from './model/interpolate.ts';
import { type Dashboard, readDashboard } from './model/panel.ts';
import { DashboardContext } from './panel-context.ts';
import { useVariables, variableScope, variableTexts } from './use-variables.ts';
import { VariableBar } from './VariableBar.tsx';
import './dashboards.css';

export function DashboardPage() {
  const { uid = '' } = useParams();
  const { lab } = useLab();
  const [search] = useSearchParams();
  const query = useQuery(`dashboard ${uid}`, async (signal) =>
    readDashboard(await getJson<unknown>(`/api/dashboards/${encodeURIComponent(uid)}`, signal)),
  );
  if (lab?.features.dashboards === false) {
    // Grafana understands the time and the variables as they stand.
    const rest = search.size > 0 ? `?${search}` : '';
    const href = `${fillTemplate(lab.linkTemplates.dashboard, { uid })}${rest}`;
    return <FullModeNotice what="Dashboards" feature="dashboards" href={href} />;
  }
  if (query.error?.status === 404)
    return (
      <Empty title={`There is no dashboard “${uid}”`}>
        <Link to="/dashboards">All dashboards</Link>
      </Empty>
    );
  return (
    <Async query={query} what="the dashboard" lines={8}>
      {(dashboard) => <Content key={uid} dashboard={dashboard} />}
    </Async>
  );
}

const OFF = 'off';

/** How often panels ask again: the address's word, then the file's, and only while the range ends now. */
function useRefresh(dashboard: Dashboard, live: boolean, renew: () => void) {
  const [search, setSearch] = useSearchParams();
  const every = search.get('refresh') ?? dashboard.refresh ?? OFF;
  const seconds = parseDuration(every);
  useEffect(() => {
    if (seconds === undefined || !live) return;
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') renew();
    }, seconds * 1000);
    return () => window.clearInterval(timer);
  }, [seconds, live, renew]);
  const set = (next: string) =>
    setSearch(
      (before) => {
        before.set('refresh', next);
        return before;
      },
      { replace: true },
    );
  return { every, set, now: renew };
}

function Content({ dashboard }: { dashboard: Dashboard }) {
  const controls = useTimeRange({ from: dashboard.from, to: dashboard.to });
  const { resolved, range, setRange, live, renew } = controls;
  const refresh = useRefresh(dashboard, live, renew);
  const variables = useVariables(dashboard.variables, resolved, `${range.from} ${range.to}`);
  const states = variables.data;
  const { title, links } = dashboard;
  const scope = variableScope(states ?? []);
  return (
    <>
      <PageHeader title={title} lead={dashboard.description}>
        {links.map((link) => (
          <SmartLink
            key={link.url}
            href={withTime(interpolate(link.url, scope, 'url'), link.keepTime ? range : undefined)}
            className="button"
          >
            {link.title}
          </SmartLink>
        ))}
        <TimeControls controls={controls} refresh={refresh} />
      </PageHeader>
      {variables.error && states === undefined && (
        <Failure what="the dashboard’s variables" error={variables.error} retry={variables.refresh} />
      )}
      {states !== undefined && (
        <>
          <VariableBar states={states} onChoose={variables.choose} />
          <Panels
            dashboard={dashboard}
            range={resolved}
            scope={scope}
            texts={variableTexts(states)}
            onZoom={(from, to) => setRange(fixedRange(from, to))}
          />
        </>
      )}
    </>
  );
}

/** The range as it is written, so that one that follows the clock goes on following it. */
function withTime(url: string, range: TimeRange | undefined): string {
  if (range === undefined) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams({ from: range.from, to: range.to })}`;
}

interface PanelsProps {
  dashboard: Dashboard;
  range: { from: number; to: number };
  scope: ReturnType<typeof variableScope>;
  texts: ReturnType<typeof variableTexts>;
  onZoom: (from: number, to: number) => void;
}

function Panels({ dashboard, range, scope, texts, onZoom }: PanelsProps) {
  const { uid, title, annotations, rows } = dashboard;
  const marks = useQuery(
    `annotations ${uid}`,
    (signal) => loadAnnotations(annotations, scope, range, signal),
    { enabled: annotations.length > 0, version: JSON.stringify([range, scope]) },
  );
  const context = {
    uid,
    title,
    range,
    scope,
    texts,
    annotations: marks.data ?? [],
    crosshair: uid,
    onZoom,
  };
  return (
    <DashboardContext value={context}>
      {marks.error && (
        <p className="panel-stale" role="status">
          Annotations could not be loaded: {marks.error.message}
        </p>
      )}
      <MarkLegend marks={marks.data ?? []} range={range} />
      <DashboardRows rows={rows} />
    </DashboardContext>
  );
}
