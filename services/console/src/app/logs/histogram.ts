/** The histogram's bars as rectangles, and a brush over them as a time range. */
import type { LogHistogram } from '../../contract/logs.ts';

export interface Box {
  key: string;
  /** Shares of the picture, 0 to 1, from the top left. */
  x: number;
  width: number;
  y: number;
  height: number;
}

export function histogramModel(histogram: LogHistogram) {
  const { bars, keys, stepSeconds } = histogram;
  const first = bars[0];
  const from = first ? Date.parse(first.start) : Date.parse(histogram.from);
  const to = first ? from + bars.length * stepSeconds * 1000 : Date.parse(histogram.to);
  const width = 1 / Math.max(1, bars.length);
  const most = bars.reduce((top, bar) => Math.max(top, bar.total), 0);
  const boxes = bars.flatMap((bar, index) => {
    let y = 1;
    // Errors stand at the bottom, where their size can be compared along the axis.
    return keys.flatMap((key, place): Box[] => {
      const count = bar.counts[place] ?? 0;
      if (count === 0 || most === 0) return [];
      // One error among thousands of lines must still be seen.
      const height = Math.max(count / most, 0.02);
      y -= height;
      return [{ key, x: index * width, width, y: Math.max(0, y), height }];
    });
  });
  const counted = histogram.complete ? from : Date.parse(histogram.countedFrom);
  return {
    boxes,
    /** The largest bar, for the axis. */
    most,
    from,
    to,
    /** Where counting ended before its time: everything left of this share is not known. */
    unknownUntil: Math.min(1, Math.max(0, (counted - from) / (to - from || 1))),
  };
}

type HistogramModel = ReturnType<typeof histogramModel>;

/** The moment at a share of the picture's width, in milliseconds. */
export function momentAt({ from, to }: Pick<HistogramModel, 'from' | 'to'>, share: number): number {
  return from + Math.min(1, Math.max(0, share)) * (to - from);
}

/** A drag to a range: whole bars, at least one. @param shares where the drag began and ended. */
export function brushRange(
  histogram: LogHistogram,
  shares: readonly [number, number],
): { from: number; to: number } {
  const model = histogramModel(histogram);
  const step = histogram.stepSeconds * 1000;
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const snap = (at: number, round: (value: number) => number) =>
    model.from + round((at - model.from) / step) * step;
  const from = snap(momentAt(model, low), Math.floor);
  return { from, to: Math.max(from + step, snap(momentAt(model, high), Math.ceil)) };
}

/** The bar under a share of the width. */
export function barAt(histogram: LogHistogram, share: number): LogHistogram['bars'][number] | undefined {
  return histogram.bars[Math.min(histogram.bars.length - 1, Math.floor(share * histogram.bars.length))];
}
