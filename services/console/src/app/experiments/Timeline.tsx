import { Badge, type Tone } from '@lab/ui-kit';
import { humanDuration } from '../format/duration.ts';
import { clock } from '../format/time.ts';
import type { TimelineEvent } from './result.ts';

/** Kinds that `lab` is known to write; others are shown in grey. */
const TONES: Readonly<Record<string, Tone>> = {
  method: 'warning',
  fault: 'warning',
  pending: 'warning',
  firing: 'critical',
  fired: 'critical',
  broken: 'critical',
  inbox: 'accent',
  rollback: 'info',
  resolved: 'ok',
  kept: 'ok',
  recovered: 'ok',
};

export function Timeline({ events }: { events: readonly TimelineEvent[] }) {
  return (
    <section className="card" aria-labelledby="timeline-title">
      <header className="card-head">
        <h2 id="timeline-title">Timeline</h2>
      </header>
      <ol className="timeline">
        {events.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a finished timeline never changes
          <li key={index} className={`tone-${TONES[event.kind] ?? 'neutral'}`}>
            <span className="timeline-time">
              {clock(event.at)}
              <span className="muted">
                {event.offset >= 0 ? '+' : '−'}
                {humanDuration(Math.abs(event.offset))}
              </span>
            </span>
            <span className="timeline-dot" aria-hidden="true" />
            <span className="wrap-anywhere">
              <Badge tone={TONES[event.kind] ?? 'neutral'}>{event.kind}</Badge> {event.text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
