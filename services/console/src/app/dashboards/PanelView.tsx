import { Icon, IconButton, Loading } from '@lab/ui-kit';
import { useEffect, useRef, useState } from 'react';
import { useQuery } from '../api/use-query.ts';
import { Failure } from '../ui/async.tsx';
import { SmartLink } from '../ui/SmartLink.tsx';
import { InspectDialog } from './InspectDialog.tsx';
import { loadPanel } from './load-panel.ts';
import { interpolate } from './model/interpolate.ts';
import type { Panel } from './model/panel.ts';
import { isDrawn, unsupportedDetails } from './model/unsupported.ts';
import { PanelBody } from './PanelBody.tsx';
import { useDashboard } from './panel-context.ts';
import './panel.css';
import { TextPanel } from './panels/TextPanel.tsx';

/** True once the element has come near the window: panels out of sight ask nothing. */
function useSeen(element: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target || seen) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '300px' },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, seen]);
  return seen;
}

interface PanelViewProps {
  panel: Panel;
  viewed: boolean;
  /** Below the dashboard's title, or below a row's. */
  level: 'h2' | 'h3';
  onView: () => void;
}

/** A panel with its frame: title, description, what is missing in it, and a look behind it. */
export function PanelView({ panel, onView, viewed, level }: PanelViewProps) {
  const element = useRef<HTMLElement>(null);
  const { texts, scope, range } = useDashboard();
  const linkScope = { ...scope, __from: `${range.from}`, __to: `${range.to}` };
  const title = interpolate(panel.title, { ...scope, ...texts }, 'text');
  // Where nothing at all is drawn, the body says why.
  const missing = isDrawn(panel.type) && !asksElsewhere(panel) ? unsupportedDetails(panel) : [];
  const headingId = `panel-${panel.id}`;
  const Heading = level;
  const seen = useSeen(element);
  const asks = isDrawn(panel.type) && panel.type !== 'text';
  return (
    <article
      ref={element}
      className="panel"
      aria-labelledby={title === '' ? undefined : headingId}
      data-panel={panel.type}
    >
      <header className="panel-head row-s" style={{ '--need': `${headPixels(title, panel.links)}px` }}>
        <Heading id={headingId} className="truncate">
          {title}
        </Heading>
        {panel.description !== undefined && <PanelNote icon="info" text={panel.description} />}
        {missing.length > 0 && <PanelNote icon="warning" text={`Not shown here: ${missing.join(', ')}.`} />}
        {panel.links.map((link) => (
          <SmartLink key={link.url} href={interpolate(link.url, linkScope, 'url')} className="panel-link">
            <Icon name={link.title.startsWith('Runbook') ? 'book' : 'search'} />
            <span className="panel-link-text truncate" title={link.title}>
              {link.title}
            </span>
          </SmartLink>
        ))}
        <span className="panel-actions">
          <IconButton
            icon={viewed ? 'close' : 'expand'}
            label={viewed ? `Back to the whole dashboard` : `View ${title} alone`}
            title={viewed ? 'Back to the whole dashboard' : 'View alone'}
            onClick={onView}
          />
          {asks && <InspectButton panel={panel} title={title} />}
        </span>
      </header>
      <div className="panel-body">
        {panel.type === 'text' ? (
          <TextPanel panel={panel} />
        ) : asks ? (
          <QueriedPanel panel={panel} title={title} seen={seen} />
        ) : (
          <NotDrawn type={panel.type} />
        )}
      </div>
    </article>
  );
}

/** About how wide the head is with all of its words: where the panel is narrower, links are signs (panel.css). */
function headPixels(title: string, links: Panel['links']): number {
  const [signs, titleLetter, linkLetter] = [24, 7.4, 6.6];
  return Math.round(
    signs +
      title.length * titleLetter +
      links.reduce((sum, link) => sum + 8 + link.title.length * linkLetter, 0),
  );
}

function PanelNote({ icon, text }: { icon: 'info' | 'warning'; text: string }) {
  return (
    <span className={`panel-note panel-note-${icon}`} title={text}>
      <Icon name={icon} label={text} />
    </span>
  );
}

function NotDrawn({ type }: { type: string }) {
  return (
    <div className="state state-unsupported">
      <p className="state-title">Panels of type “{type}” cannot be drawn here</p>
      <p className="state-detail">Grafana shows it in full mode.</p>
    </div>
  );
}

function usePanelData(panel: Panel, width: number, enabled: boolean) {
  const { uid, range, scope } = useDashboard();
  return useQuery(
    // A new range is more of the same panel: the old picture stays until the new one is there.
    JSON.stringify([uid, panel.id]),
    (signal) => loadPanel({ panel, scope, range, width, dashboard: uid }, signal),
    { enabled, version: JSON.stringify([range, scope, Math.round(width / 100)]) },
  );
}

function QueriedPanel({ panel, title, seen }: { panel: Panel; title: string; seen: boolean }) {
  const body = useRef<HTMLDivElement>(null);
  const width = body.current?.clientWidth ?? 600;
  const query = usePanelData(panel, width, seen && panel.targets.length > 0);
  const { data, error, loading } = query;
  if (panel.targets.length === 0) return <ElsewhereOnly panel={panel} />;
  return (
    <div ref={body} className="panel-query" data-loading={loading} aria-busy={loading}>
      {data === undefined ? (
        error ? (
          <Failure what={`“${title}”`} error={error} retry={query.refresh} />
        ) : (
          <Loading what={title} />
        )
      ) : (
        <>
          {error && (
            <p className="panel-stale" role="status" title={error.message}>
              <Icon name="warning" /> not refreshed: {error.message}
            </p>
          )}
          <PanelBody panel={panel} data={data} title={title} />
        </>
      )}
    </div>
  );
}

function asksElsewhere({ targets, leftOut }: Panel): boolean {
  return targets.length === 0 && leftOut.length > 0;
}

/** Only Prometheus can be asked here; what else a panel asks is Grafana's to show. The panel's links lead to what there is instead. */
function ElsewhereOnly({ panel: { leftOut, links } }: { panel: Panel }) {
  return (
    <div className="state state-unsupported">
      <p className="state-title">
        {leftOut.length > 0 ? 'Grafana shows this in full mode' : 'The panel has no query'}
      </p>
      {leftOut.length > 0 && (
        <p className="state-detail">
          Lite has no such source: {leftOut.join(', ')}.
          {links.length > 0 && ' The links above lead to what it has.'}
        </p>
      )}
    </div>
  );
}

function InspectButton({ panel, title }: { panel: Panel; title: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        icon="table"
        label={`Data and queries of ${title}`}
        title="Data and queries"
        onClick={() => setOpen(true)}
      />
      {open && <InspectDialog panel={panel} title={title} onClose={() => setOpen(false)} />}
    </>
  );
}
