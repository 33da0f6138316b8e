import { type PointerEvent, useMemo, useRef, useState } from 'react';
import type { LogHistogram } from '../../contract/logs.ts';
import { timeLabels } from '../charts/axes.ts';
import { promDuration } from '../format/duration.ts';
import { grouped } from '../format/number.ts';
import { clock, dateTime } from '../format/time.ts';
import { barAt, brushRange, histogramModel } from './histogram.ts';

interface Props {
  histogram: LogHistogram;
  onZoom: (from: number, to: number) => void;
}

const WIDTH = 1000;
const HEIGHT = 100;
const TICKS = 6;

/** How many lines when, by level; a drag zooms in. The keyboard zooms with `[`, `]` and `z`. */
export function Histogram({ histogram, onZoom }: Props) {
  const model = useMemo(() => histogramModel(histogram), [histogram]);
  const element = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const [hover, setHover] = useState<number>();
  const share = (event: PointerEvent) => {
    const { left = 0, width = 1 } = element.current?.getBoundingClientRect() ?? {};
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const finish = () => {
    if (drag && Math.abs(drag.to - drag.from) > 0.005) {
      const { from, to } = brushRange(histogram, [drag.from, drag.to]);
      onZoom(from, to);
    }
    setDrag(undefined);
  };
  const bar = hover === undefined ? undefined : barAt(histogram, hover);
  return (
    <figure className="histogram">
      <figcaption className="histogram-caption">
        <span>
          <strong>{grouped(histogram.total)}</strong> {histogram.total === 1 ? 'line' : 'lines'}
          {!histogram.complete && ' counted so far'}
          <span className="muted"> · a bar is {promDuration(histogram.stepSeconds)}</span>
        </span>
        <span className="note" aria-hidden="true">
          {bar
            ? `${clock(Date.parse(bar.start))}: ${bar.total} ${describe(histogram, bar.counts)}`
            : `at most ${grouped(model.most)} a bar`}
        </span>
      </figcaption>
      <svg
        ref={element}
        className="histogram-bars"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Log lines from ${dateTime(model.from)} to ${dateTime(model.to)}: ${histogram.total}, at most ${model.most} in ${promDuration(histogram.stepSeconds)}`}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: share(event), to: share(event) });
        }}
        onPointerMove={(event) => {
          setHover(share(event));
          if (drag) setDrag({ ...drag, to: share(event) });
        }}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(undefined)}
        onPointerLeave={() => setHover(undefined)}
      >
        {model.unknownUntil > 0 && (
          <rect className="histogram-unknown" width={model.unknownUntil * WIDTH} height={HEIGHT} />
        )}
        {model.boxes.map(({ key, x, y, width, height }) => (
          <rect
            key={`${x} ${key}`}
            className={`level-fill-${key}`}
            x={x * WIDTH + width * 80}
            y={y * HEIGHT}
            width={width * (WIDTH - 160)}
            height={height * HEIGHT}
          />
        ))}
        {drag && (
          <rect
            className="histogram-brush"
            x={Math.min(drag.from, drag.to) * WIDTH}
            width={Math.abs(drag.to - drag.from) * WIDTH}
            height={HEIGHT}
          />
        )}
      </svg>
      <div className="histogram-axis axis-ends" aria-hidden="true">
        {axisLabels(model.from, model.to).map((label, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: ticks have only their place
          <span key={index}>{label}</span>
        ))}
      </div>
    </figure>
  );
}

function describe({ keys }: LogHistogram, counts: readonly number[]): string {
  const parts = keys
    .map((key, index) => ({ key, count: counts[index] ?? 0 }))
    .filter(({ count }) => count > 0);
  return parts.length === 0 ? '' : `(${parts.map(({ key, count }) => `${count} ${key}`).join(', ')})`;
}

function axisLabels(from: number, to: number): string[] {
  const splits = Array.from(
    { length: TICKS },
    (_, index) => (from + ((to - from) * index) / (TICKS - 1)) / 1000,
  );
  return timeLabels(splits);
}
