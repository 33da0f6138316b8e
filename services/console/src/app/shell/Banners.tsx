import { Notice } from '@lab/ui-kit';
import { Link } from 'react-router';
import type { Lab } from '../../contract/lab.ts';
import { humanDuration } from '../format/duration.ts';
import { clock } from '../format/time.ts';
import { useNow } from '../ui/TimeAgo.tsx';
import { useLab } from './lab-context.ts';

/** Alerts that do not come look like alerts that need not come: say so on every page. */
function SilentSwitch({ silent }: { silent: Lab['deadMansSwitch'] }) {
  const now = useNow();
  const since = silent.lastSeenAt ?? silent.silentSince;
  return (
    <Notice tone="critical" role="alert" icon="error">
      <p>
        <strong>The alert path is silent.</strong> Alertmanager’s watchdog, due every{' '}
        {humanDuration(silent.intervalSeconds)}, was{' '}
        {silent.lastSeenAt === null ? 'never seen' : `last seen at ${clock(Date.parse(silent.lastSeenAt))}`}
        {since !== null && ` (${humanDuration((now - Date.parse(since)) / 1000)} ago)`}. Until it is back, a
        calm inbox proves nothing: look at <Link to="/alerts">Alerts</Link>, Prometheus and Alertmanager.
      </p>
    </Notice>
  );
}

export function Banners() {
  const { lab, error } = useLab();
  const running = lab?.runningExperiments ?? [];
  return (
    <div className="banners">
      {error && (
        <Notice tone="unknown" role="alert" icon="unknown">
          <p>
            <strong>This page may be out of date.</strong> {error.message} It tries again every few seconds.
          </p>
        </Notice>
      )}
      {lab?.deadMansSwitch.state === 'silent' && <SilentSwitch silent={lab.deadMansSwitch} />}
      {running.map((experiment) => (
        <Notice key={experiment.id} tone="info" role="status" icon="experiments">
          <p>
            <strong>An experiment is running:</strong>{' '}
            <Link to={`/experiments/${encodeURIComponent(experiment.id)}`}>{experiment.title}</Link>, since{' '}
            {clock(Date.parse(experiment.startedAt))}
            {experiment.speed === 1 ? '' : `, rules at ${experiment.speed}× speed`}. What you see may be its
            doing.
          </p>
        </Notice>
      ))}
    </div>
  );
}
