import { Badge, Empty } from '@lab/ui-kit';
import { Link } from 'react-router';
import type { Alert } from '../../contract/alerts.ts';
import { isWatchdog, severityTone } from '../alerts/severity.ts';
import { TimeAgo } from '../ui/TimeAgo.tsx';

export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const shown = alerts.filter((alert) => !isWatchdog(alert.labels));
  if (shown.length === 0)
    return (
      <Empty title="No alert is firing or pending">
        {alerts.length > 0
          ? 'The watchdog fires, as it always should: alerting works.'
          : 'Nor is the watchdog.'}
      </Empty>
    );
  return (
    <ul className="alert-list rows">
      {shown.map((alert) => (
        <li
          key={`${alert.name} ${JSON.stringify(alert.labels)}`}
          className={`entry tone-${severityTone(alert)}`}
        >
          <span className="stripe" aria-hidden="true" />
          <div className="grow">
            <Link to={`/alerts?alert=${encodeURIComponent(alert.name)}`} className="alert-list-name">
              {alert.name}
            </Link>
            {alert.labels['service'] !== undefined && (
              <span className="alert-list-service hint">{alert.labels['service']}</span>
            )}
            <p className="note wrap-anywhere">{alert.summary ?? alert.description ?? ''}</p>
          </div>
          <div className="alert-list-facts">
            <Badge tone={alert.state === 'firing' ? severityTone(alert) : 'neutral'}>
              {alert.state === 'firing' ? (alert.severity ?? 'firing') : 'pending'}
            </Badge>
            <span className="muted nowrap">
              <TimeAgo at={alert.activeAt} />
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
