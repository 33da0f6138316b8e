/** The samples of a load run, by Prometheus's remote-write protocol. */
import { rawSeries, writeSeries } from '../remote-storage/write-series.ts';

export interface Series {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** `stale`: the series ends here. */
  value: number | 'stale';
}

/** @param at Unix ms. @throws RemoteStorageError with Prometheus's answer where it does not take the samples. */
export function remoteWrite(prometheusUrl: string, series: readonly Series[], at: number): Promise<void> {
  return writeSeries(
    prometheusUrl,
    series.map(({ name, labels, value }) => rawSeries({ ...labels, __name__: name }, [[at, value]])),
  );
}
