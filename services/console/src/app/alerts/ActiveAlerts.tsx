import { Empty } from '@lab/ui-kit';
import { useSearchParams } from 'react-router';
import type { Alert, Alerts } from '../../contract/alerts.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { Async, IfKnown } from '../ui/async.tsx';
import { AlertCard } from './AlertCard.tsx';
import { groupAlerts } from './group-alerts.ts';
import type { Matcher } from './matchers.ts';

interface Props {
  onSilence: (matchers: readonly Matcher[]) => void;
}

export function ActiveAlerts({ onSilence }: Props) {
  const query = useQuery('alerts', (signal) => getJson<Alerts>('/api/alerts', signal), { everyMs: 5000 });
  const [search] = useSearchParams();
  return (
    <Async query={query} what="alerts">
      {({ alerts }) => (
        <IfKnown of={alerts} what="Alerts">
          {(list) => <Groups alerts={list} opened={search.get('alert')} onSilence={onSilence} />}
        </IfKnown>
      )}
    </Async>
  );
}

function Groups({ alerts, opened, onSilence }: Props & { alerts: readonly Alert[]; opened: string | null }) {
  if (alerts.length === 0)
    return (
      <Empty title="No alert is firing or pending">
        Not even the watchdog, which always should: if this lasts, alerting itself is broken.
      </Empty>
    );
  return (
    <div className="stack">
      {groupAlerts(alerts).map(
        (group) =>
          group.alerts.length > 0 && (
            <section key={group.title} className="stack-s" aria-label={group.title}>
              <h2>
                {group.title} <span className="muted">{group.note ?? group.alerts.length}</span>
              </h2>
              {group.alerts.map((alert) => (
                <AlertCard
                  key={`${alert.name} ${JSON.stringify(alert.labels)}`}
                  alert={alert}
                  open={alert.name === opened}
                  onSilence={onSilence}
                />
              ))}
            </section>
          ),
      )}
    </div>
  );
}
