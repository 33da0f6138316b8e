import { Dialog, Empty } from '@lab/ui-kit';
import { useRef } from 'react';
import { Link } from 'react-router';
import { useQuery } from '../api/use-query.ts';
import { dateTime } from '../format/time.ts';
import { formatText } from '../format/units.ts';
import { fillTemplate } from '../links/target.ts';
import { useLab } from '../shell/lab-context.ts';
import { Async } from '../ui/async.tsx';
import { SmartLink } from '../ui/SmartLink.tsx';
import { loadPanel, type PanelData } from './load-panel.ts';
import { exemplarMarks } from './model/exemplars.ts';
import type { Frame } from './model/frame.ts';
import { nameFields } from './model/name-fields.ts';
import type { Panel } from './model/panel.ts';
import { tableModel } from './model/table.ts';
import { useDashboard } from './panel-context.ts';
import './inspect.css';
import { SortableTable } from './panels/TablePanel.tsx';

const WIDTH = 600;
const MOST_EXEMPLARS = 100;

/** What a panel asked and what it got, as text and tables: for those who doubt it, and for those who cannot see it. */
export function InspectDialog({
  panel,
  title,
  onClose,
}: {
  panel: Panel;
  title: string;
  onClose: () => void;
}) {
  const { uid, range, scope } = useDashboard();
  const opened = useRef({ range, scope });
  const query = useQuery(`inspect ${uid} ${panel.id}`, (signal) =>
    loadPanel({ panel, ...opened.current, width: WIDTH, dashboard: uid }, signal),
  );
  return (
    <Dialog closesOutside title={`${title}: data and queries`} onClose={onClose} wide>
      <Async query={query} what="the panel’s data" lines={6}>
        {(data) => (
          <div className="stack">
            <Queries data={data} />
            <Values panel={panel} data={data} />
            <Exemplars data={data} />
          </div>
        )}
      </Async>
    </Dialog>
  );
}

function Queries({ data }: { data: PanelData }) {
  const { lab } = useLab();
  return (
    <section className="stack-s">
      <h3>Queries</h3>
      {data.queries.map(({ refId, expr, kind, stepSeconds, series }) => (
        <div key={refId} className="inspect-query">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{expr}</pre>
          <p className="hint row">
            <span>
              {refId}: {kind}
              {kind === 'range' && `, every ${stepSeconds} s`}, {series} series
            </span>
            {lab && (
              <SmartLink href={fillTemplate(lab.linkTemplates.graph, { expr })}>Open in Prometheus</SmartLink>
            )}
          </p>
        </div>
      ))}
    </section>
  );
}

/** Series side by side, one row a moment, newest first, so that a whole panel can be read as one table. */
function sideBySide(frames: readonly Frame[]): readonly Frame[] {
  if (frames.length < 2 || frames.some((frame) => !frame.fields.some((field) => field.type === 'time')))
    return frames;
  const times = [
    ...new Set(frames.flatMap((frame) => frame.fields.find((field) => field.type === 'time')?.values ?? [])),
  ].sort((a, b) => Number(b) - Number(a));
  const columns = frames.flatMap((frame) => {
    const time = frame.fields.find((field) => field.type === 'time');
    const row = new Map(time?.values.map((at, index) => [at, index]));
    return frame.fields
      .filter((field) => field !== time)
      .map((field) => ({ ...field, values: times.map((at) => field.values[row.get(at) ?? -1] ?? null) }));
  });
  const time = { name: 'Time', type: 'time' as const, labels: {}, values: times, legend: undefined };
  return [{ refId: frames[0]?.refId ?? 'A', fields: [time, ...columns] }];
}

function Values({ panel, data }: { panel: Panel; data: PanelData }) {
  const [frame] = nameFields(sideBySide(data.frames), panel.fieldConfig);
  if (!frame || frame.every((field) => field.values.length === 0))
    return <Empty title="No data">The queries ran and matched no series in this time range.</Empty>;
  return (
    <section className="stack-s">
      <h3>Values</h3>
      <div className="inspect-table">
        <SortableTable columns={tableModel(frame).columns} title="Values" range={data.range} />
      </div>
    </section>
  );
}

function Exemplars({ data }: { data: PanelData }) {
  const { lab } = useLab();
  const marks = exemplarMarks(data.exemplars).sort((a, b) => b.value - a.value);
  if (marks.length === 0) return null;
  return (
    <section className="stack-s">
      <h3>Exemplars, slowest first</h3>
      <ul className="inspect-exemplars">
        {marks.slice(0, MOST_EXEMPLARS).map(({ time, value, traceId, labels }) => (
          <li key={`${time} ${traceId} ${value}`} className="row">
            <span className="mono nowrap">{formatText(value, 's')}</span>
            <span className="muted nowrap">{dateTime(time * 1000)}</span>
            <span className="wrap-anywhere">{labels['route'] ?? ''}</span>
            {traceId !== undefined &&
              (lab?.features.traces === false ? (
                <SmartLink href={fillTemplate(lab.linkTemplates.trace, { traceId })}>trace</SmartLink>
              ) : (
                <Link to={`/traces/${encodeURIComponent(traceId)}`}>trace</Link>
              ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
