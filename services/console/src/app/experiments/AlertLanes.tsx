import { humanDuration } from '../format/duration.ts';
import { Badge } from '../ui/controls.tsx';
import { type AlertLane, laneEnd, laneTicks } from './result.ts';

/** Each alert's way from pending to fired to the inbox to resolved, against its limit; seconds after the fault began. */
export function AlertLanes({ lanes }: { lanes: readonly AlertLane[] }) {
  const end = laneEnd(lanes);
  return (
    <section className="card" aria-labelledby="lanes-title">
      <header className="card-head">
        <h2 id="lanes-title">Alerts</h2>
        <p className="lane-legend muted">
          <span className="lane-key lane-pending" /> pending <span className="lane-key lane-fired" /> firing{' '}
          <span className="lane-key lane-inbox" /> in the inbox <span className="lane-key lane-limit" /> limit
        </p>
      </header>
      <div className="lanes">
        {lanes.map((lane) => (
          <Lane key={lane.name} lane={lane} end={end} />
        ))}
        <div className="lane lane-axis" aria-hidden="true">
          <span />
          <div className="lane-track">
            {laneTicks(end).map((tick) => (
              <span key={tick} className="lane-tick" style={{ left: `${(tick / end) * 100}%` }}>
                {tick === 0 ? '0' : humanDuration(tick)}
              </span>
            ))}
          </div>
        </div>
      </div>
    </section>
  );
}

function Lane({ lane, end }: { lane: AlertLane; end: number }) {
  const at = (seconds: number) => `${(seconds / end) * 100}%`;
  const bar = (from: number, to: number) => ({
    left: at(from),
    width: `${(Math.max(0, to - from) / end) * 100}%`,
  });
  const { pending, fired, inbox, resolved, limit, fastest } = lane;
  const spoken = [
    lane.verdict,
    inbox === null ? '' : `in the inbox after ${Math.round(inbox)} s`,
    resolved === null ? '' : `resolved after ${Math.round(resolved)} s`,
  ]
    .filter((part) => part !== '')
    .join(', ');
  return (
    <div className="lane">
      <div className="lane-name">
        <strong>{lane.name}</strong>
        <Badge tone={lane.kept ? 'ok' : 'critical'}>{lane.kept ? 'kept' : 'broken'}</Badge>
        <span className="hint">{lane.verdict}</span>
      </div>
      <div className="lane-track" role="img" aria-label={`${lane.name}: ${spoken}`} title={spoken}>
        {pending !== null && (
          <span className="lane-bar lane-pending" style={bar(pending, fired ?? resolved ?? end)} />
        )}
        {fired !== null && <span className="lane-bar lane-fired" style={bar(fired, resolved ?? end)} />}
        {inbox !== null && <span className="lane-mark lane-inbox" style={{ left: at(inbox) }} />}
        {fastest !== null && <span className="lane-mark lane-fastest" style={{ left: at(fastest) }} />}
        {limit !== null && <span className="lane-mark lane-limit" style={{ left: at(limit) }} />}
        {fired === null && <span className="lane-silent">silent</span>}
      </div>
    </div>
  );
}
