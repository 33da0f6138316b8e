import { PageHeader } from '@lab/ui-kit';
import { Link, useParams } from 'react-router';
import { RunbookText } from './RunbookText.tsx';
import './alerts.css';

/** Where a notification's runbook link leads. */
export function RunbookPage() {
  const { alert = '' } = useParams();
  return (
    <>
      <PageHeader title={alert} lead="Runbook">
        <Link className="button" to={`/alerts?alert=${encodeURIComponent(alert)}`}>
          Is it firing?
        </Link>
      </PageHeader>
      <div className="card card-body">
        <RunbookText alert={alert} />
      </div>
    </>
  );
}
