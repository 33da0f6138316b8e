import { Badge, Empty, PageHeader } from '@lab/ui-kit';
import { Link } from 'react-router';
import type { DashboardList } from '../../contract/dashboards.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { FullModeNotice } from '../shell/FullModeNotice.tsx';
import { useLab } from '../shell/lab-context.ts';
import { Async } from '../ui/async.tsx';
import './dashboards.css';

export function DashboardsPage() {
  const { lab } = useLab();
  const query = useQuery('dashboards', (signal) => getJson<DashboardList>('/api/dashboards', signal));
  if (lab?.features.dashboards === false) return <FullModeNotice what="Dashboards" feature="dashboards" />;
  return (
    <>
      <PageHeader
        title="Dashboards"
        lead="The files in grafana/dashboards, as Grafana shows them in full mode."
      />
      <Async query={query} what="dashboards">
        {({ items, broken }) => (
          <div className="stack">
            {items.length === 0 && broken.length === 0 && (
              <Empty title="There is no dashboard">
                Files put into <code>grafana/dashboards</code> appear here.
              </Empty>
            )}
            <ul className="dashboard-list">
              {items.map(({ uid, title, description, tags, panels }) => (
                <li key={uid} className="card card-body stack-s">
                  <h2>
                    <Link to={`/dashboards/${encodeURIComponent(uid)}`}>{title}</Link>
                  </h2>
                  {description !== null && <p className="muted">{description}</p>}
                  <p className="row">
                    <span className="hint">{panels} panels</span>
                    {tags.map((tag) => (
                      <Badge key={tag}>{tag}</Badge>
                    ))}
                  </p>
                </li>
              ))}
            </ul>
            {broken.map(({ file, error }) => (
              <div key={file} className="state state-error dashboard-broken" role="alert">
                <p className="state-title">{file} cannot be read</p>
                <p className="state-detail">{error}</p>
              </div>
            ))}
          </div>
        )}
      </Async>
    </>
  );
}
