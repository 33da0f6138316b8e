import { Badge, Icon, IconButton } from '@lab/ui-kit';
import { Link } from 'react-router';
import type { Span, Trace } from '../../contract/traces.ts';
import { latency } from '../format/duration.ts';
import { visible } from '../format/visible.ts';
import { metricsOf } from '../links/moment.ts';
import { fieldText } from '../logs/record.ts';
import { DottedName } from '../ui/DottedName.tsx';
import { selfTimeMs } from './waterfall.ts';

interface Props {
  span: Span;
  trace: Trace;
  onClose: () => void;
}

/** Everything that one span says. All of it is text from telemetry. */
export function SpanDetails({ span, trace, onClose }: Props) {
  const start = Date.parse(trace.start);
  const metrics = metricsOf(span, start + span.offsetMs);
  const times = `from=${start - 60_000}&to=${Math.ceil(start + trace.durationMs + 60_000)}`;
  return (
    <aside className="card span-details" aria-label={`Span ${span.name}`}>
      <header className="card-head">
        <h2 className="wrap-anywhere">{visible(span.name)}</h2>
        <IconButton icon="close" label="Close details" onClick={onClose} />
      </header>
      <div className="card-body stack">
        <p className="row">
          <span>{span.service}</span>
          <Badge>{span.kind}</Badge>
          {span.error && <Badge tone="critical">error</Badge>}
        </p>
        {span.statusMessage !== null && (
          <p className="text-errors wrap-anywhere">{visible(span.statusMessage)}</p>
        )}
        <dl className="pairs facts">
          <Fact name="Duration" value={latency(span.durationMs / 1000)} />
          <Fact name="of which its own" value={latency(selfTimeMs(span, trace.spans) / 1000)} />
          <Fact name="Began after" value={latency(span.offsetMs / 1000)} />
          <Fact name="Span" value={span.spanId} />
        </dl>
        <p>
          <Link
            className="button button-small"
            to={`/logs?q=${encodeURIComponent(`span.id:${span.spanId}`)}&${times}`}
          >
            <Icon name="logs" /> Log lines of this span
          </Link>{' '}
          {metrics !== undefined && (
            <Link className="button button-small" to={metrics}>
              <Icon name="dashboards" /> Metrics at that time
            </Link>
          )}
        </p>
        <Attributes title="Attributes" values={span.attributes} />
        {span.events.length > 0 && (
          <section className="stack-s">
            <h3>Events</h3>
            {span.events.map((event) => (
              <div key={`${event.name} ${event.offsetMs}`} className="span-event">
                <p className="row">
                  <strong>{event.name}</strong>
                  <span className="muted">at {latency(event.offsetMs / 1000)}</span>
                </p>
                <Attributes values={event.attributes} />
              </div>
            ))}
          </section>
        )}
        {span.links.length > 0 && (
          <section className="stack-s">
            <h3>Links</h3>
            <ul>
              {span.links.map((link) => (
                <li key={link.spanId}>
                  <Link to={`/traces/${link.traceId}`} className="mono">
                    trace {link.traceId.slice(0, 8)}…
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )}
        <Attributes title="Resource" values={span.resource} />
        {span.scope !== null && <p className="hint">recorded by {span.scope}</p>}
      </div>
    </aside>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>
        <DottedName name={name} />
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

function Attributes({ title, values }: { title?: string; values: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <section className="stack-s">
      {title !== undefined && <h3>{title}</h3>}
      <dl className="pairs facts facts-mono">
        {entries.map(([name, value]) => (
          <Fact key={name} name={name} value={fieldText(value)} />
        ))}
      </dl>
    </section>
  );
}
