/** A line chart as SVG: static, drawn once, readable without colours by its legend's order. */
export interface Line {
  name: string;
  colour: string;
  points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 900;
const HEIGHT = 180;
const LEFT = 64;
const BOTTOM = 20;
const TOP = 8;

/** @param unit after each number of the y axis. Titles, names and unit are ours: nothing is escaped here. */
export function lineChart(title: string, unit: string, lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const last = Math.max(1, ...all.map(([x]) => x));
  const top = niceTop(Math.max(0, ...all.map(([, y]) => y)));
  const x = (value: number) => (LEFT + (value / last) * (WIDTH - LEFT - 10)).toFixed(1);
  const y = (value: number) => (HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)).toFixed(1);
  const grid = [0, 0.5, 1].map((share) => {
    const value = top * share;
    return `<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(value)}" y2="${y(value)}" stroke="#8884"/><text x="${LEFT - 6}" y="${y(value)}" text-anchor="end" dominant-baseline="middle">${Number(value.toPrecision(3))}${unit}</text>`;
  });
  const drawn = lines.map(
    ({ colour, points }) =>
      `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.map(([at, value]) => `${x(at)},${y(value)}`).join(' ')}"/>`,
  );
  const legend = lines
    .map(({ name, colour }) => `<span style="color:${colour}">■</span> ${name}`)
    .join(' &#160; ');
  return `<figure><figcaption><b>${title}</b> &#160; ${legend}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${grid.join('')}<text x="${LEFT}" y="${HEIGHT - 4}">0 s</text><text x="${WIDTH - 10}" y="${HEIGHT - 4}" text-anchor="end">${last} s</text>${drawn.join('')}</svg></figure>`;
}

/** 1, 2 or 5 times a power of ten, at or above the value. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
