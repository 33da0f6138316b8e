import { Badge } from '@lab/ui-kit';
import { humanDuration } from '../format/duration.ts';
import { type AlertLane, laneEnd, laneTicks } from './result.ts';

const LEGEND = [
  ['pending', 'pending'],
  ['fired', 'firing'],
  ['inbox', 'in the inbox'],
  ['limit', 'limit to fire'],
  ['fastest', 'soonest possible'],
] as const;

interface Props {
  lanes: readonly AlertLane[];
  /** Seconds after the method; null where there was none, or nobody knows when. */
  rollback: number | null;
}

/** Each alert's way from pending to fired to the inbox to resolved, against its limit; seconds after the method was in force. */
export function AlertLanes({ lanes, rollback }: Props) {
  const end = laneEnd(lanes, rollback);
  return (
    <section className="card" aria-labelledby="lanes-title">
      <header className="card-head">
        <h2 id="lanes-title">Alerts</h2>
        <p className="lane-legend flow muted">
          {LEGEND.map(([key, words]) => (
            <span key={key}>
              <span className={`lane-key lane-${key}`} /> {words}
            </span>
          ))}
          {rollback !== null && (
            <span>
              <span className="lane-key lane-rollback" /> rollback
            </span>
          )}
        </p>
      </header>
      <div className="lanes">
        {lanes.map((lane) => (
          <Lane key={lane.name} lane={lane} end={end} rollback={rollback} />
        ))}
        <div className="lane lane-axis" aria-hidden="true">
          <span />
          <div className="lane-track">
            {laneTicks(end).map((tick) => (
              <span key={tick} className="tick" style={{ left: `${(tick / end) * 100}%` }}>
                {tick === 0 ? '0' : humanDuration(tick)}
              </span>
            ))}
          </div>
        </div>
      </div>
    </section>
  );
}

function Lane({ lane, end, rollback }: { lane: AlertLane; end: number; rollback: number | null }) {
  const at = (seconds: number) => `${(seconds / end) * 100}%`;
  const bar = (from: number, to: number) => ({
    left: at(from),
    width: `${(Math.max(0, to - from) / end) * 100}%`,
  });
  const { pending, fired, inbox, resolved, limit, fastest } = lane;
  const spoken = [
    lane.verdict,
    inbox === null ? '' : `in the inbox after ${Math.round(inbox)} s`,
    resolved === null || rollback === null
      ? ''
      : `resolved ${Math.round(resolved - rollback)} s after the rollback`,
  ]
    .filter((part) => part !== '')
    .join(', ');
  return (
    <div className="lane">
      <div className="lane-name wrap-anywhere">
        <strong>{lane.name}</strong>
        <Badge tone={lane.kept ? 'ok' : 'critical'}>{lane.kept ? 'kept' : 'broken'}</Badge>
        <span className="hint">{lane.verdict}</span>
      </div>
      <div className="lane-track" role="img" aria-label={`${lane.name}: ${spoken}`} title={spoken}>
        {pending !== null && (
          <span className="lane-bar lane-pending" style={bar(pending, fired ?? resolved ?? end)} />
        )}
        {fired !== null && (
          <span
            className="lane-bar lane-fired"
            data-open={resolved === null}
            style={bar(fired, resolved ?? end)}
          />
        )}
        {inbox !== null && <span className="lane-mark lane-inbox" style={{ left: at(inbox) }} />}
        {fastest !== null && <span className="lane-mark lane-fastest" style={{ left: at(fastest) }} />}
        {limit !== null && <span className="lane-mark lane-limit" style={{ left: at(limit) }} />}
        {rollback !== null && <span className="lane-mark lane-rollback" style={{ left: at(rollback) }} />}
        {fired === null && <span className="lane-silent hint">silent</span>}
      </div>
    </div>
  );
}
