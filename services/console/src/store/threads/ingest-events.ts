import type { SegmentLimits } from '../sqlite/segments.ts';

/** What the ingest thread is started with. */
export interface IngestData {
  /** Where the databases are. */
  directory: string;
  /** Folder of log files; null: none is followed. */
  logDirectory: string | null;
  logLimits: SegmentLimits;
  spanLimits: SegmentLimits;
}

/** Running totals since the start, and latest readings. */
export interface IngestStats {
  logsWritten: number;
  logsRepeated: number;
  logsEvicted: number;
  /** Records kept with a mark, by what was wrong. */
  defects: Record<string, number>;
  spansWritten: number;
  spansRepeated: number;
  spansEvicted: number;
  /** Age of the newest record when it was stored; null before the first. */
  logLagSeconds: number | null;
  spanLagSeconds: number | null;
  files: number;
  /** On disk. */
  bytes: number;
}

export interface TailedLine {
  id: number;
  segment: number;
  level: number;
  service: string;
  defect: number;
  line: string;
}

export type IngestEvent =
  | { kind: 'stats'; stats: IngestStats }
  | { kind: 'tail'; lines: TailedLine[]; omitted: number }
  | { kind: 'notice'; message: string; fields: Record<string, unknown> }
  | { kind: 'failure'; message: string; reason: string };
