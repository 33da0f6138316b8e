import { Badge } from '@lab/ui-kit';
import { useRef } from 'react';
import { Link } from 'react-router';
import type { TraceSummary } from '../../contract/traces.ts';
import { latency } from '../format/duration.ts';
import { dateTime, shortMoment } from '../format/time.ts';
import { usePageKeys } from '../shell/use-shortcuts.ts';
import { serviceColor } from './service-color.ts';

/** Traces newest first, their lengths comparable at a glance; walked with `j` and `k`. */
export function TraceList({ traces }: { traces: readonly TraceSummary[] }) {
  const list = useRef<HTMLUListElement>(null);
  const longest = traces.reduce((most, { durationMs }) => Math.max(most, durationMs), 0);
  usePageKeys((key) => {
    if (key !== 'j' && key !== 'k') return false;
    const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a') ?? [])];
    const focused = document.activeElement;
    const index = focused instanceof HTMLAnchorElement ? links.indexOf(focused) : -1;
    links[Math.min(links.length - 1, Math.max(0, index + (key === 'j' ? 1 : -1)))]?.focus();
    return true;
  });
  return (
    <ul ref={list} className="card rows">
      {traces.map((trace) => (
        <li key={trace.traceId}>
          <Link to={`/traces/${trace.traceId}`} className="trace-row hoverable">
            <span
              className="trace-bar"
              data-error={trace.errors > 0}
              style={{ width: `${longest > 0 ? Math.max(0.3, (trace.durationMs / longest) * 100) : 0}%` }}
              aria-hidden="true"
            />
            <span className="trace-name truncate">
              <span className="muted">{trace.rootService}</span> <strong>{trace.rootOperation}</strong>
            </span>
            <span className="trace-duration">{latency(trace.durationMs / 1000)}</span>
            <span className="flow">
              {trace.services.map(({ name, spans }) => (
                <span key={name} className="service-chip note" title={`${name}: ${spans} spans`}>
                  <span className="service-dot" style={{ background: serviceColor(name) }} />
                  {name.replace(/^taskmanager-/, '')}
                  <span className="muted">{spans}</span>
                </span>
              ))}
            </span>
            <span className="trace-facts">
              {trace.errors > 0 && (
                <Badge tone="critical">
                  {trace.errors} {trace.errors === 1 ? 'error' : 'errors'}
                </Badge>
              )}
              <time dateTime={trace.start} title={dateTime(Date.parse(trace.start))} className="muted">
                {shortMoment(Date.parse(trace.start), Date.now())}
              </time>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
