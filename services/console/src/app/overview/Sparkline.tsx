import { sparkArea, sparkPath } from './sparkline.ts';

interface Props {
  values: readonly (number | null)[];
  label: string;
}

/** The last half hour at a glance, in the colour of the tile's signal; a gap is a gap. */
export function Sparkline({ values, label }: Props) {
  return (
    <svg className="spark" viewBox="0 0 300 48" preserveAspectRatio="none" role="img" aria-label={label}>
      <path className="spark-area" d={sparkArea(values, 300, 48)} />
      <path className="spark-line" d={sparkPath(values, 300, 48)} />
    </svg>
  );
}
