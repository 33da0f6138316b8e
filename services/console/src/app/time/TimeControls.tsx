import { Button, Icon, IconButton, TextField } from '@lab/ui-kit';
import { useRef, useState } from 'react';
import { refreshAll } from '../api/use-query.ts';
import { usePageKeys } from '../shell/use-shortcuts.ts';
import { usePopover } from '../ui/use-popover.ts';
import { describeRange, QUICK_RANGES, resolveRange, shift, type TimeRange, zoomOut } from './range.ts';
import { type TimeControls as Controls, useSlowNow } from './use-time-range.ts';
import './time.css';

const REFRESH_CHOICES = ['off', '5s', '10s', '30s', '1m', '5m'] as const;

interface Props {
  controls: Controls;
  /** Present where the page can refresh itself. */
  refresh?: { every: string; set: (every: string) => void; now: () => void };
}

/** The time range button with its menu, zoom out, and how often to refresh; `[`, `]` and `z` on the keyboard. */
export function TimeControls({ controls, refresh }: Props) {
  const { resolved, setRange } = controls;
  usePageKeys((key) => {
    if (key === 'z') setRange(zoomOut(resolved, Date.now()));
    else if (key === '[') setRange(shift(resolved, -1, Date.now()));
    else if (key === ']') setRange(shift(resolved, 1, Date.now()));
    else return false;
    return true;
  });
  return (
    <div className="time-controls row">
      <RangeMenu controls={controls} />
      <IconButton
        icon="zoomOut"
        label="Zoom out"
        className="bordered"
        title="Zoom out (z)"
        onClick={() => setRange(zoomOut(resolved, Date.now()))}
      />
      {refresh && (
        <span className="joined">
          <RefreshButton onRefresh={refresh.now} />
          <select
            aria-label="Refresh every"
            value={refresh.every}
            onChange={(event) => refresh.set(event.target.value)}
          >
            {[...new Set([...REFRESH_CHOICES, refresh.every])].map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        </span>
      )}
    </div>
  );
}

export function RefreshButton({ onRefresh = refreshAll }: { onRefresh?: () => void }) {
  return (
    <IconButton icon="refresh" label="Refresh" className="bordered" title="Refresh (r)" onClick={onRefresh} />
  );
}

function RangeMenu({ controls }: { controls: Controls }) {
  const { range, setRange, readable } = controls;
  const now = useSlowNow();
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = usePopover(box);
  const choose = (next: TimeRange) => {
    setRange(next);
    setOpen(false);
  };
  return (
    <div className="range" ref={box}>
      <Button aria-expanded={open} aria-haspopup="true" onClick={() => setOpen(!open)}>
        <Icon name="clock" />
        <span className={readable ? undefined : 'text-critical'}>{describeRange(range, now)}</span>
      </Button>
      {open && (
        <div className="popover range-popover">
          <ul className="range-quick">
            {QUICK_RANGES.map(({ label, range: quick }) => (
              <li key={label}>
                <button
                  type="button"
                  className="bare hoverable"
                  aria-current={quick.from === range.from && quick.to === range.to}
                  onClick={() => choose(quick)}
                >
                  {label}
                </button>
              </li>
            ))}
          </ul>
          <CustomRange range={range} onChoose={choose} />
        </div>
      )}
    </div>
  );
}

function CustomRange({ range, onChoose }: { range: TimeRange; onChoose: (range: TimeRange) => void }) {
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const [refused, setRefused] = useState(false);
  return (
    <form
      className="range-custom stack-s"
      onSubmit={(event) => {
        event.preventDefault();
        if (resolveRange({ from, to }, Date.now())) onChoose({ from, to });
        else setRefused(true);
      }}
    >
      <TextField label="From" value={from} onText={setFrom} />
      <TextField label="To" value={to} onText={setTo} />
      <p className="hint">
        <code>now-2h</code>, <code>2026-11-22 14:30</code> (your time zone), or milliseconds.
      </p>
      {refused && (
        <p className="text-critical" role="alert">
          Not a range: both ends must be readable, and From before To.
        </p>
      )}
      <Button variant="primary" type="submit">
        Apply
      </Button>
    </form>
  );
}
