import { Dot, Empty, type Tone } from '@lab/ui-kit';
import type { Part } from '../../contract/overview.ts';
import { formatText } from '../format/units.ts';
import { TimeAgo } from '../ui/TimeAgo.tsx';

const TONES: Readonly<Record<Part['state'], Tone>> = { up: 'ok', down: 'critical', unknown: 'unknown' };
const ORDER: readonly Part['state'][] = ['down', 'unknown', 'up'];

export function Parts({ parts }: { parts: readonly Part[] }) {
  if (parts.length === 0) return <Empty title="Prometheus watches nothing" />;
  const sorted = [...parts].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <ul className="parts">
      {sorted.map((part) => (
        <li key={`${part.name} ${part.instance}`} className={`part part-${part.state}`}>
          <div className="part-head">
            <Dot tone={TONES[part.state]} label={part.name} />
            {part.title?.toLowerCase().replaceAll(' ', '-') !== part.name && (
              <span className="part-title">{part.title}</span>
            )}
            <span className={`part-state tone-${TONES[part.state]}`}>{part.state}</span>
          </div>
          {part.state === 'up' ? (
            <Facts part={part} />
          ) : (
            <p className="note wrap-anywhere">{part.detail ?? 'no reason given'}</p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Facts({ part }: { part: Part }) {
  // Postgres: its exporter knows that it answers, and neither of these.
  if (part.memoryBytes === null && part.startedAt === null)
    return <p className="part-facts hint">memory and start not reported</p>;
  return (
    <p className="part-facts hint">
      {part.memoryBytes === null ? 'memory not reported' : formatText(part.memoryBytes, 'decbytes')}
      <span>
        {part.startedAt === null ? (
          'start not reported'
        ) : (
          <>
            started <TimeAgo at={part.startedAt} />
          </>
        )}
      </span>
      <span className="part-instance truncate" title={part.instance ?? ''}>
        {part.instance?.replace(/^.*(?=:\d+$)/, '')}
      </span>
    </p>
  );
}
