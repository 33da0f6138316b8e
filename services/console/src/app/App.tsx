import { Empty, ErrorBoundary, Failed } from '@lab/ui-kit';
import { type ComponentType, lazy } from 'react';
import { Navigate, Route, Routes, useLocation, useParams } from 'react-router';
import { Shell } from './shell/Shell.tsx';

/** Each page is fetched when first visited: a first paint carries none of the chart code. */
const page = <M, K extends keyof M>(load: () => Promise<M>, name: K) =>
  lazy(async () => ({ default: (await load())[name] as ComponentType }));

const Overview = page(() => import('./overview/OverviewPage.tsx'), 'OverviewPage');
const Alerts = page(() => import('./alerts/AlertsPage.tsx'), 'AlertsPage');
const Runbook = page(() => import('./alerts/RunbookPage.tsx'), 'RunbookPage');
const Inbox = page(() => import('./inbox/InboxPage.tsx'), 'InboxPage');
const Experiments = page(() => import('./experiments/ExperimentsPage.tsx'), 'ExperimentsPage');
const Experiment = page(() => import('./experiments/ExperimentPage.tsx'), 'ExperimentPage');
const Dashboards = page(() => import('./dashboards/DashboardsPage.tsx'), 'DashboardsPage');
const Dashboard = page(() => import('./dashboards/DashboardPage.tsx'), 'DashboardPage');
const Logs = page(() => import('./logs/LogsPage.tsx'), 'LogsPage');
const Traces = page(() => import('./traces/TracesPage.tsx'), 'TracesPage');
const ServiceGraph = page(() => import('./traces/ServiceGraphPage.tsx'), 'ServiceGraphPage');
const Trace = page(() => import('./traces/TracePage.tsx'), 'TracePage');

/** Addresses as Grafana writes them lead to the same dashboard here. */
function GrafanaAddress() {
  const { uid = '' } = useParams();
  const { search } = useLocation();
  return <Navigate to={`/dashboards/${uid}${search}`} replace />;
}

function NotFound() {
  const { pathname } = useLocation();
  return <Empty title="There is no such page">{pathname} is not one of the console’s pages.</Empty>;
}

/** A page's failure ends with leaving it. */
function Guarded({ Page }: { Page: ComponentType }) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary
      key={pathname}
      fallback={({ message }) => (
        <Failed title="This page failed" detail={message} retry={() => window.location.reload()} />
      )}
    >
      <Page />
    </ErrorBoundary>
  );
}

export function App() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Guarded Page={Overview} />} />
        <Route path="alerts/:tab?" element={<Guarded Page={Alerts} />} />
        <Route path="runbooks/:alert" element={<Guarded Page={Runbook} />} />
        <Route path="inbox" element={<Guarded Page={Inbox} />} />
        <Route path="experiments" element={<Guarded Page={Experiments} />} />
        <Route path="experiments/:id" element={<Guarded Page={Experiment} />} />
        <Route path="dashboards" element={<Guarded Page={Dashboards} />} />
        <Route path="dashboards/:uid" element={<Guarded Page={Dashboard} />} />
        <Route path="d/:uid/:slug?" element={<GrafanaAddress />} />
        <Route path="logs" element={<Guarded Page={Logs} />} />
        <Route path="traces" element={<Guarded Page={Traces} />} />
        <Route path="traces/graph" element={<Guarded Page={ServiceGraph} />} />
        <Route path="traces/:traceId" element={<Guarded Page={Trace} />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
