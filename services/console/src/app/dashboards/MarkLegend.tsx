import { type AnnotationMark, kindsOf } from '../charts/marks.ts';
import type { ResolvedRange } from '../time/range.ts';

interface Props {
  marks: readonly AnnotationMark[];
  range: ResolvedRange;
}

/** What the shaded stretches and dashed lines in the charts below mean; pointing at one names it. */
export function MarkLegend({ marks, range }: Props) {
  const kinds = kindsOf(marks, range);
  if (kinds.length === 0) return null;
  return (
    <ul className="mark-legend flow note" aria-label="Marked in the charts">
      {kinds.map(({ name, color }) => (
        <li key={name} className="row-s">
          <span className="mark-swatch" style={{ '--mark': color }} />
          {name}
        </li>
      ))}
    </ul>
  );
}
