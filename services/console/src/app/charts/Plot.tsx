import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { useThemeVersion } from '../shell/theme.ts';
import type { AnnotationMark, ExemplarMark } from './marks.ts';
import { forgetColors } from './resolve-color.ts';
import 'uplot/dist/uPlot.min.css';
import './charts.css';

/** What every chart over time is given. */
export interface ChartProps {
  /** Milliseconds since the epoch: the whole range is shown, also where there is no data. */
  range: { from: number; to: number };
  annotations?: readonly AnnotationMark[];
  exemplars?: readonly ExemplarMark[];
  /** Charts with the same name share their crosshair. */
  crosshair?: string;
  onZoom?: (from: number, to: number) => void;
  onExemplar?: (mark: ExemplarMark) => void;
  /** For those who do not see the picture. */
  label: string;
}

/** The newest props of a chart, for what draws long after the plot was built. */
export type Latest<P> = { readonly current: P };

export type PlotOptions = Omit<uPlot.Options, 'width' | 'height'>;

interface PlotProps<P> {
  chart: P;
  /** Everything that decides how the plot is built, besides theme and crosshair; a change builds it anew. */
  signature: readonly unknown[];
  build: (latest: Latest<P>) => PlotOptions;
  data: uPlot.AlignedData;
}

interface Size {
  width: number;
  height: number;
}

/** The element's size in whole pixels; undefined until it has been laid out. */
function useSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (width > 20 && height > 20) setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** One uPlot in an element: built on a new signature, fed on new data, resized with the element, redrawn for new marks. */
export function Plot<P extends ChartProps>({ chart, signature, build, data }: PlotProps<P>) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const size = useSize(element);
  const theme = useThemeVersion();
  const latest = useRef(chart);
  latest.current = chart;
  const laidOut = size !== undefined;
  const { annotations, exemplars, range, crosshair, label } = chart;
  const built = JSON.stringify([theme, crosshair, signature]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `built` stands for everything that `build` reads
  useEffect(() => {
    const target = element.current;
    if (!target || !size) return;
    forgetColors();
    const made = new uPlot({ ...build(latest), ...size }, data, target);
    plot.current = made;
    return () => {
      plot.current = undefined;
      made.destroy();
    };
  }, [built, laidOut]);

  useEffect(() => {
    if (plot.current && plot.current.data !== data) plot.current.setData(data);
  }, [data]);

  useEffect(() => {
    if (plot.current && size) plot.current.setSize(size);
  }, [size]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: marks, rows and range are read by the hooks while drawing
  useEffect(() => plot.current?.redraw(false, true), [data, annotations, exemplars, range.from, range.to]);
  return <div ref={element} className="plot" role="img" aria-label={label} />;
}
