import { Icon } from '@lab/ui-kit';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Trace } from '../../contract/traces.ts';
import { latency } from '../format/duration.ts';
import { visible as written } from '../format/visible.ts';
import { usePageKeys } from '../shell/use-shortcuts.ts';
import { useNarrow } from '../ui/use-narrow.ts';
import { serviceColor } from './service-color.ts';
import { barShares, rulerTicks, type SpanRow, waterfallRows } from './waterfall.ts';

interface Props {
  trace: Trace;
  selected: string | undefined;
  onSelect: (spanId: string | undefined) => void;
}

const ROW_PIXELS = 27;
/** Rows drawn beyond the visible ones, so that scrolling does not show blanks. */
const MARGIN_ROWS = 20;

/** Which rows of a long list are near the window. */
function useVisibleRows(count: number) {
  const element = useRef<HTMLUListElement>(null);
  const [visible, setVisible] = useState({ first: 0, last: 80 });
  useEffect(() => {
    const measure = () => {
      const top = element.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.floor(-top / ROW_PIXELS) - MARGIN_ROWS);
      const last = Math.min(count, Math.ceil((window.innerHeight - top) / ROW_PIXELS) + MARGIN_ROWS);
      setVisible((before) => (before.first === first && before.last === last ? before : { first, last }));
    };
    measure();
    window.addEventListener('scroll', measure, { passive: true });
    window.addEventListener('resize', measure);
    return () => {
      window.removeEventListener('scroll', measure);
      window.removeEventListener('resize', measure);
    };
  }, [count]);
  return { element, visible };
}

/** Spans as a tree beside their bars; `j`/`k` walk, `h`/`l` fold and unfold, Enter opens the details, Escape closes them. */
export function Waterfall({ trace, selected, onSelect }: Props) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => waterfallRows(trace, folded), [trace, folded]);
  const { element, visible } = useVisibleRows(rows.length);
  const toggle = useCallback((spanId: string, fold?: boolean) => {
    setFolded((before) => {
      const next = new Set(before);
      if (fold ?? !before.has(spanId)) next.add(spanId);
      else next.delete(spanId);
      return next;
    });
  }, []);
  usePageKeys((key) => {
    const index = rows.findIndex(({ span }) => span.spanId === selected);
    const to = (next: number) => {
      const row = rows[Math.min(rows.length - 1, Math.max(0, next))];
      onSelect(row?.span.spanId);
      const top = element.current?.getBoundingClientRect().top ?? 0;
      const y = top + next * ROW_PIXELS;
      if (y < 60 || y > window.innerHeight - 60) window.scrollBy({ top: y - window.innerHeight / 2 });
      return true;
    };
    if (key === 'j') return to(index + 1);
    if (key === 'k') return to(index - 1);
    if (key === 'Escape' && selected !== undefined) {
      onSelect(undefined);
      return true;
    }
    if ((key === 'h' || key === 'l') && selected !== undefined) {
      toggle(selected, key === 'h');
      return true;
    }
    return false;
  });
  const ticks = rulerTicks(trace.durationMs, useNarrow() ? 2 : 6);
  return (
    <section className="card waterfall" aria-label="Spans">
      <div className="ruler" aria-hidden="true">
        <span />
        <div className="ruler-scale">
          {ticks.map((tick) => (
            <span key={tick} className="tick" style={{ left: `${(tick / trace.durationMs) * 100}%` }}>
              {latency(tick / 1000)}
            </span>
          ))}
        </div>
      </div>
      <div className="spans-frame">
        <div className="spans-grid" aria-hidden="true">
          {ticks.map((tick) => (
            <span key={tick} style={{ left: `${(tick / trace.durationMs) * 100}%` }} />
          ))}
        </div>
        <ul ref={element} className="spans" style={{ height: `${rows.length * ROW_PIXELS}px` }}>
          {rows.slice(visible.first, visible.last).map((row, index) => (
            <SpanLine
              key={row.span.spanId}
              row={row}
              top={(visible.first + index) * ROW_PIXELS}
              total={trace.durationMs}
              selected={row.span.spanId === selected}
              onSelect={onSelect}
              onFold={toggle}
            />
          ))}
        </ul>
      </div>
    </section>
  );
}

interface LineProps {
  row: SpanRow;
  top: number;
  total: number;
  selected: boolean;
  onSelect: Props['onSelect'];
  onFold: (spanId: string) => void;
}

function SpanLine({ row, top, total, selected, onSelect, onFold }: LineProps) {
  const { span, depth, descendants, folded, errorBelow, orphan } = row;
  const { left, width } = barShares(span, total);
  const color = serviceColor(span.service);
  const length = latency(span.durationMs / 1000);
  return (
    <li className="span-line hoverable" data-selected={selected} style={{ top: `${top}px` }}>
      <span className="span-tree" style={{ '--depth': Math.min(depth, 14) }}>
        {descendants > 0 ? (
          <button
            type="button"
            className="fold bare"
            aria-expanded={!folded}
            aria-label={`${descendants} spans below ${span.name}`}
            onClick={() => onFold(span.spanId)}
          >
            <Icon name="chevron" />
          </button>
        ) : (
          <span className="fold bare" />
        )}
        <span className="service-dot" style={{ background: color }} />
        <button
          type="button"
          className="span-name bare grow"
          aria-pressed={selected}
          title={`${span.service}: ${span.name}`}
          onClick={() => onSelect(selected ? undefined : span.spanId)}
        >
          {(span.error || (folded && errorBelow)) && (
            <Icon name="error" label={span.error ? 'error' : 'error below'} />
          )}
          {orphan && (
            <span className="span-orphan" title="its parent is not stored">
              <Icon name="unknown" label="its parent is not stored" />
            </span>
          )}
          <span className="span-text truncate">
            <span className="muted">{written(span.service.replace(/^taskmanager-/, ''))}</span>{' '}
            {written(span.name)}
          </span>
          {folded && <span className="muted">+{descendants}</span>}
          <span className="visually-hidden">, {length}</span>
        </button>
      </span>
      <span className="span-scale" aria-hidden="true">
        <button
          type="button"
          tabIndex={-1}
          className="span-hit bare"
          onClick={() => onSelect(selected ? undefined : span.spanId)}
        >
          <span
            className="span-bar"
            data-error={span.error}
            style={{ left: `${left * 100}%`, width: `${width * 100}%`, background: color }}
          />
          <span className="span-length" style={{ left: `${(left + width) * 100}%` }}>
            {length}
          </span>
        </button>
      </span>
    </li>
  );
}
