import { Badge, Button, Icon, LabelChips, UnknownValue } from '@lab/ui-kit';
import { useState } from 'react';
import type { Alert } from '../../contract/alerts.ts';
import { formatText } from '../format/units.ts';
import { dashboardSince } from '../links/moment.ts';
import { SmartLink } from '../ui/SmartLink.tsx';
import { Elapsed } from '../ui/TimeAgo.tsx';
import { type Matcher, matchersFor } from './matchers.ts';
import { RunbookText } from './RunbookText.tsx';
import { severityTone } from './severity.ts';

interface Props {
  alert: Alert;
  open: boolean;
  onSilence: (matchers: readonly Matcher[]) => void;
}

/** Prometheus prints values as `7.43e-02`; people read 0.0743. */
function readableValue(value: string): string {
  const number = Number(value === '+Inf' ? 'Infinity' : value);
  return Number.isNaN(number) ? value : formatText(number, 'none');
}

function Delivery({ delivery }: { delivery: Alert['delivery'] }) {
  if (delivery.status === 'unknown')
    return (
      <span className="row">
        delivery <UnknownValue reason={delivery.reason} />
      </span>
    );
  const { silencedBy, inhibitedBy, receivers } = delivery.value;
  return (
    <>
      {silencedBy.length > 0 && <Badge tone="accent">silenced</Badge>}
      {inhibitedBy.length > 0 && <Badge tone="accent">inhibited by another alert</Badge>}
      {delivery.value.state === 'unprocessed' && <Badge>not yet processed</Badge>}
      <span>to {receivers.join(', ') || 'nobody'}</span>
    </>
  );
}

export function AlertCard({ alert, open: initiallyOpen, onSilence }: Props) {
  const [open, setOpen] = useState(initiallyOpen);
  const tone = severityTone(alert);
  const firing = alert.state === 'firing';
  return (
    <article className={`card alert-card entry tone-${tone}`} data-state={alert.state}>
      <span className="stripe" aria-hidden="true" />
      <div className="alert-main grow">
        <header className="alert-head row">
          <h3 className="wrap-anywhere">{alert.name}</h3>
          <Badge tone={tone}>{alert.severity ?? 'no severity'}</Badge>
          {!firing && <Badge>pending</Badge>}
          <span className="alert-since hint">
            {firing ? 'active' : 'pending'} for <Elapsed since={alert.activeAt} />
          </span>
        </header>
        <p className="wrap-anywhere">{alert.description ?? alert.summary ?? 'No description.'}</p>
        <p className="alert-facts hint">
          <span>
            value <strong className="mono">{readableValue(alert.value)}</strong>
          </span>
          <Delivery delivery={alert.delivery} />
        </p>
        <LabelChips labels={alert.labels} hide={['alertname', 'severity']} />
        <div className="alert-actions">
          {alert.runbook !== null && (
            <Button small aria-expanded={open} onClick={() => setOpen(!open)}>
              <Icon name="book" /> {open ? 'Hide runbook' : 'Runbook'}
            </Button>
          )}
          {alert.dashboardUrl !== null && (
            <SmartLink
              href={dashboardSince(alert.dashboardUrl, alert.activeAt)}
              className="button button-small"
            >
              <Icon name="dashboards" /> Dashboard
            </SmartLink>
          )}
          <Button small onClick={() => onSilence(matchersFor(alert.labels))}>
            <Icon name="silence" /> Silence
          </Button>
        </div>
        {open && (
          <div className="alert-runbook">
            <RunbookText alert={alert.name} />
          </div>
        )}
      </div>
    </article>
  );
}
