import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './charts.css';

interface Input {
  /** Everything that decides how the plot is built; a change builds it anew. */
  signature: string;
  build: () => Omit<uPlot.Options, 'width' | 'height'>;
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

/** Keeps one uPlot in an element: built on a new signature, fed on new data, resized with the element. */
export function usePlot(element: RefObject<HTMLDivElement | null>, { signature, build, data }: Input) {
  const plot = useRef<uPlot>(undefined);
  const size = useSize(element);
  const latest = useRef({ build, data, size });
  latest.current = { build, data, size };
  const laidOut = size !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for everything that `build` reads
  useEffect(() => {
    const target = element.current;
    const { build: options, data: columns, size: area } = latest.current;
    if (!target || !area) return;
    const made = new uPlot({ ...options(), ...area }, columns, target);
    plot.current = made;
    return () => {
      plot.current = undefined;
      made.destroy();
    };
  }, [element, signature, laidOut]);

  useEffect(() => {
    if (plot.current && plot.current.data !== data) plot.current.setData(data);
  }, [data]);

  useEffect(() => {
    if (plot.current && size) plot.current.setSize(size);
  }, [size]);

  return plot;
}
