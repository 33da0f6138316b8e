import { Icon } from '@lab/ui-kit';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { LogRecord } from '../../contract/logs.ts';
import { dateTime, preciseClock, sameDay } from '../format/time.ts';
import { visible } from '../format/visible.ts';
import { usePageKeys } from '../shell/use-shortcuts.ts';
import { LogRecordView } from './LogRecordView.tsx';
import { requestSummary } from './record.ts';

interface Props {
  records: readonly LogRecord[];
  onField: (field: string, value: unknown, negate: boolean) => void;
}

/** Lines, one a row; opened by click or Enter, walked with `j` and `k`, `x` jumps to the trace. */
export function LogList({ records, onField }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<string>();
  const navigate = useNavigate();
  const list = useRef<HTMLUListElement>(null);
  const toggle = useCallback((id: string) => {
    setSelected(id);
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  usePageKeys((key) => {
    const index = records.findIndex(({ id }) => id === selected);
    const move = (by: number) => {
      const next = records[Math.min(records.length - 1, Math.max(0, index + by))];
      if (next) setSelected(next.id);
      return next !== undefined;
    };
    if (key === 'j') return move(1);
    if (key === 'k') return move(index < 0 ? 1 : -1);
    const record = records[index];
    if (key === 'Escape' && open.size > 0) {
      setOpen(new Set());
      return true;
    }
    if (key === 'x' && record?.traceId) {
      navigate(`/traces/${encodeURIComponent(record.traceId)}`);
      return true;
    }
    return false;
  });
  useEffect(() => {
    if (selected === undefined) return;
    const row = list.current?.querySelector<HTMLButtonElement>(
      `[data-id="${CSS.escape(selected)}"] > button`,
    );
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <ul ref={list} className="log-list">
      {records.map((record) => (
        <LogRow
          key={record.id}
          record={record}
          open={open.has(record.id)}
          onToggle={toggle}
          onField={onField}
        />
      ))}
    </ul>
  );
}

interface RowProps {
  record: LogRecord;
  open: boolean;
  onToggle: (id: string) => void;
  onField: Props['onField'];
}

function LogRow({ record, open, onToggle, onField }: RowProps) {
  const at = Date.parse(record.time);
  const summary = requestSummary(record);
  const [firstLine = ''] = record.message.split('\n', 1);
  return (
    <li className={`log-row log-${record.level}`} data-id={record.id}>
      <button
        type="button"
        className="log-line bare hoverable"
        aria-expanded={open}
        onClick={() => onToggle(record.id)}
      >
        <time className="muted nowrap" dateTime={record.time} title={dateTime(at)}>
          {sameDay(at, Date.now()) ? '' : `${dateTime(at).slice(5, 10)} `}
          {preciseClock(at)}
        </time>
        <span className={`muted level-${record.level}`}>{record.level}</span>
        <span className="log-service truncate">{visible(record.service)}</span>
        <span className="log-message truncate">
          {record.defect !== null && <Icon name="warning" label="not a whole record" />}
          {visible(firstLine)}
          {summary !== '' && <span className="muted"> {summary}</span>}
        </span>
      </button>
      {open && <LogRecordView record={record} onField={onField} />}
    </li>
  );
}
