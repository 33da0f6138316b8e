import { sparkArea, sparkPath } from './sparkline.ts';

interface Props {
  values: readonly (number | null)[];
  /** Signal class, `traffic`, `errors`, `latency`: one colour a signal. */
  signal: 'traffic' | 'errors' | 'latency';
  label: string;
}

/** The last half hour at a glance; a gap is a gap. */
export function Sparkline({ values, signal, label }: Props) {
  return (
    <svg
      className={`spark spark-${signal}`}
      viewBox="0 0 300 48"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className="spark-area" d={sparkArea(values, 300, 48)} />
      <path className="spark-line" d={sparkPath(values, 300, 48)} />
    </svg>
  );
}
