/** One trace: where its time went, what failed, and the log lines that belong to it. */
import { Badge, Button, Empty, Icon, PageHeader } from '@lab/ui-kit';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Trace } from '../../contract/traces.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { latency } from '../format/duration.ts';
import { dateTime } from '../format/time.ts';
import { fillTemplate } from '../links/target.ts';
import { FullModeNotice } from '../shell/FullModeNotice.tsx';
import { useLab } from '../shell/lab-context.ts';
import { Async } from '../ui/async.tsx';
import { SmartLink } from '../ui/SmartLink.tsx';
import { SpanDetails } from './SpanDetails.tsx';
import { serviceColor } from './service-color.ts';
import { Waterfall } from './Waterfall.tsx';
import './traces.css';

export function TracePage() {
  const { traceId = '' } = useParams();
  const { lab } = useLab();
  const query = useQuery(`trace ${traceId}`, (signal) =>
    getJson<Trace>(`/api/traces/${encodeURIComponent(traceId)}`, signal),
  );
  if (lab?.features.traces === false) {
    const href = fillTemplate(lab.linkTemplates.trace, { traceId });
    return <FullModeNotice what="Traces" feature="traces" href={href} />;
  }
  if (query.error?.status === 404)
    return (
      <Empty title="This trace is not stored">
        <p>
          <code>{traceId}</code>
        </p>
        <p>It was not sampled, has been evicted, or its spans have not arrived yet.</p>
        <p>
          <Button onClick={query.refresh}>Look again</Button>
        </p>
      </Empty>
    );
  return (
    <Async query={query} what="the trace" lines={10}>
      {(trace) => <Content key={trace.traceId} trace={trace} />}
    </Async>
  );
}

function Content({ trace }: { trace: Trace }) {
  const { lab } = useLab();
  const [selected, setSelected] = useState<string>();
  const root = trace.spans.find(({ parentSpanId }) => parentSpanId === null) ?? trace.spans[0];
  const span = trace.spans.find(({ spanId }) => spanId === selected);
  const logs = fillTemplate(lab?.linkTemplates.traceLogs ?? '/logs?q=trace.id%3A{traceId}', {
    traceId: trace.traceId,
  });
  return (
    <>
      <PageHeader
        title={root?.name ?? 'Trace without spans'}
        lead={
          <span className="trace-lead flow">
            <span>{dateTime(Date.parse(trace.start))}</span>
            <strong className="text-latency">{latency(trace.durationMs / 1000)}</strong>
            <span>
              {trace.spans.length} {trace.spans.length === 1 ? 'span' : 'spans'}
            </span>
            {trace.errors > 0 && (
              <Badge tone="critical">
                {trace.errors} {trace.errors === 1 ? 'error' : 'errors'}
              </Badge>
            )}
            <code className="wrap-anywhere">{trace.traceId}</code>
          </span>
        }
      >
        <SmartLink href={withRange(logs, trace)} className="button">
          <Icon name="logs" /> Its log lines
        </SmartLink>
      </PageHeader>
      <ul className="flow trace-legend" aria-label="Services">
        {trace.services.map((name) => (
          <li key={name} className="service-chip note">
            <span className="service-dot" style={{ background: serviceColor(name) }} />
            {name}
          </li>
        ))}
      </ul>
      {trace.omitted > 0 && (
        <p className="stale row-s">
          <Icon name="warning" /> {trace.omitted} further spans are stored and not shown.
        </p>
      )}
      {trace.linkedFrom.length > 0 && (
        <p className="trace-linked">
          Work that it left to others:{' '}
          {trace.linkedFrom.map(({ traceId, spanId }) => (
            <Link key={spanId} to={`/traces/${traceId}`} className="mono">
              {traceId.slice(0, 8)}…
            </Link>
          ))}
        </p>
      )}
      <div className="trace-view" data-detail={span !== undefined}>
        <Waterfall trace={trace} selected={selected} onSelect={setSelected} />
        {span && <SpanDetails span={span} trace={trace} onClose={() => setSelected(undefined)} />}
      </div>
    </>
  );
}

/** Logs of the trace's own time: a trace of yesterday is not found in the last half hour. */
function withRange(href: string, trace: Trace): string {
  if (!href.startsWith('/logs')) return href;
  const start = Date.parse(trace.start);
  const times = `from=${start - 60_000}&to=${Math.ceil(start + trace.durationMs + 60_000)}`;
  return `${href}${href.includes('?') ? '&' : '?'}${times}`;
}
