import { Empty, Icon } from '@lab/ui-kit';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { interpolate } from './model/interpolate.ts';
import { type GridPlace, placePanels } from './model/layout.ts';
import type { Row } from './model/panel.ts';
import { PanelView } from './PanelView.tsx';
import { useDashboard } from './panel-context.ts';

/** All rows, or the one panel that the address asks for (`?viewPanel=3`). */
export function DashboardRows({ rows }: { rows: readonly Row[] }) {
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('viewPanel')?.replace(/^panel-/, '');
  const view = (id: number | undefined) =>
    setSearch((before) => {
      if (id === undefined) before.delete('viewPanel');
      else before.set('viewPanel', String(id));
      return before;
    });
  const alone = rows.flatMap(({ panels }) => panels).find((panel) => String(panel.id) === wanted);
  if (wanted !== undefined && alone)
    return (
      <div className="panel-alone">
        <PanelView panel={alone} viewed level="h2" onView={() => view(undefined)} />
      </div>
    );
  if (rows.length === 0) return <Empty title="This dashboard has no panels" />;
  return rows.map((row) => <RowView key={row.id} row={row} onView={view} />);
}

function RowView({ row, onView }: { row: Row; onView: (id: number) => void }) {
  const { scope, texts } = useDashboard();
  const [open, setOpen] = useState(!row.collapsed);
  const titled = row.id !== -1;
  return (
    <section className="dashboard-row" aria-label={titled ? row.title : undefined}>
      {titled && (
        <h2 className="row-title">
          <button type="button" className="bare" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name="chevron" />
            {interpolate(row.title, { ...scope, ...texts }, 'text')}
            {!open && <span className="muted">{row.panels.length} panels</span>}
          </button>
        </h2>
      )}
      {open && (
        <div className="grid">
          {placePanels(row.panels).map(({ panel, place }) => (
            <div key={panel.id} className="grid-cell" style={gridStyle(place)}>
              <PanelView
                panel={panel}
                viewed={false}
                level={titled ? 'h3' : 'h2'}
                onView={() => onView(panel.id)}
              />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

function gridStyle({ column, width, row, height, narrow }: GridPlace) {
  return {
    '--column': `${column} / span ${width}`,
    '--row': `${row} / span ${height}`,
    '--height': height,
    '--narrow': `span ${narrow}`,
  };
}
