/** Small curves as SVG paths, scaled from zero so that small changes do not look like large ones. */

interface Point {
  x: number;
  y: number;
}

/** Unbroken stretches of points; nulls part them. */
function stretches(values: readonly (number | null)[], width: number, height: number): Point[][] {
  const most = values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0);
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const found: Point[][] = [];
  let open = false;
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      open = false;
      return;
    }
    // One pixel is kept free at both ends, so that a line at an end is not cut in half.
    const point = { x: index * step, y: height - 1 - (most > 0 ? (value / most) * (height - 3) : 0) };
    if (open) found.at(-1)?.push(point);
    else found.push([point]);
    open = true;
  });
  return found;
}

const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;

export function sparkPath(values: readonly (number | null)[], width: number, height: number): string {
  return stretches(values, width, height)
    .map((points) => `M${points.map(at).join('L')}`)
    .join('');
}

/** The same, closed down to the ground. */
export function sparkArea(values: readonly (number | null)[], width: number, height: number): string {
  return stretches(values, width, height)
    .map((points) => {
      const [first, last] = [points[0], points.at(-1)];
      if (!first || !last) return '';
      return `M${first.x.toFixed(1)} ${height}L${points.map(at).join('L')}L${last.x.toFixed(1)} ${height}Z`;
    })
    .join('');
}
