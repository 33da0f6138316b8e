import { Link } from 'react-router';
import type { Lab } from '../../contract/lab.ts';
import { humanDuration } from '../format/duration.ts';
import { clock } from '../format/time.ts';
import { Icon } from '../ui/Icon.tsx';
import { useNow } from '../ui/TimeAgo.tsx';
import { useLab } from './lab-context.ts';

/** Alerts that do not come look like alerts that need not come: say so on every page. */
function SilentSwitch({ silent }: { silent: Lab['deadMansSwitch'] }) {
  const now = useNow();
  const since = silent.lastSeenAt ?? silent.silentSince;
  return (
    <div className="banner banner-critical" role="alert">
      <Icon name="error" />
      <p>
        <strong>The alert path is silent.</strong> Alertmanager’s watchdog, due every{' '}
        {humanDuration(silent.intervalSeconds)}, was{' '}
        {silent.lastSeenAt === null ? 'never seen' : `last seen at ${clock(Date.parse(silent.lastSeenAt))}`}
        {since !== null && ` (${humanDuration((now - Date.parse(since)) / 1000)} ago)`}. Until it is back, a
        calm inbox proves nothing: look at <Link to="/alerts">Alerts</Link>, Prometheus and Alertmanager.
      </p>
    </div>
  );
}

export function Banners() {
  const { lab, error } = useLab();
  const running = lab?.runningExperiments ?? [];
  return (
    <div className="banners">
      {error && (
        <div className="banner banner-unknown" role="alert">
          <Icon name="unknown" />
          <p>
            <strong>This page may be out of date.</strong> {error.message} It tries again every few seconds.
          </p>
        </div>
      )}
      {lab?.deadMansSwitch.state === 'silent' && <SilentSwitch silent={lab.deadMansSwitch} />}
      {running.map((experiment) => (
        <div key={experiment.id} className="banner banner-info" role="status">
          <Icon name="experiments" />
          <p>
            <strong>An experiment is running:</strong>{' '}
            <Link to={`/experiments/${encodeURIComponent(experiment.id)}`}>{experiment.title}</Link>, since{' '}
            {clock(Date.parse(experiment.startedAt))}
            {experiment.speed === 1 ? '' : `, rules at ${experiment.speed}× speed`}. What you see may be its
            doing.
          </p>
        </div>
      ))}
    </div>
  );
}
