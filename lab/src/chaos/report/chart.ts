/** A timeline chart as inline SVG: a signal with its threshold, what was done, and the states of alerts below. Pure text. */

export interface ChartSeries {
  label: string;
  /** True for a threshold that is a series itself, such as a learned band. */
  isThreshold?: boolean;
  /** Unix milliseconds and value. */
  points: readonly (readonly [at: number, value: number])[];
}

export interface ChartLane {
  label: string;
  /** What state from when to when, Unix milliseconds. */
  spans: readonly { from: number; to: number; state: 'pending' | 'firing' | 'method' }[];
  /** Messages in the inbox. */
  marks: readonly { at: number; text: string }[];
}

export interface Chart {
  title: string;
  from: number;
  to: number;
  series: readonly ChartSeries[];
  /** What the alert compares with, where it is a number. */
  threshold: number | undefined;
  /** How that is said, with operator and unit, such as `> 5%`; the bare number where it is absent. */
  condition?: string;
  lanes: readonly ChartLane[];
}

const WIDTH = 880;
const LEFT = 190;
const RIGHT = 20;
const PLOT_HEIGHT = 130;
const LANE_HEIGHT = 22;
const TOP = 24;

export function drawChart(chart: Chart): string {
  const { from, to, lanes, threshold } = chart;
  const span = Math.max(1, to - from);
  const x = (at: number) =>
    round(LEFT + ((Math.min(Math.max(at, from), to) - from) / span) * (WIDTH - LEFT - RIGHT));
  const values = chart.series
    .flatMap(({ points }) => points.map(([, value]) => value))
    .filter(Number.isFinite);
  const highest = Math.max(...values, threshold ?? 0, 0) * 1.1 || 1;
  const lowest = Math.min(...values, threshold ?? 0, 0);
  const y = (value: number) =>
    round(TOP + PLOT_HEIGHT - ((value - lowest) / (highest - lowest)) * PLOT_HEIGHT);
  const bottom = TOP + PLOT_HEIGHT;
  const height = bottom + 28 + lanes.length * LANE_HEIGHT + 6;
  const parts = [
    `<svg role="img" viewBox="0 0 ${WIDTH} ${height}" aria-label="${escapeHtml(chart.title)}">`,
    `<title>${escapeHtml(chart.title)}</title>`,
    `<text x="4" y="${TOP + 10}" class="axis">${escapeHtml(format(highest / 1.1))}</text>`,
    `<text x="4" y="${bottom}" class="axis">${escapeHtml(format(lowest))}</text>`,
    `<line x1="${LEFT}" y1="${bottom}" x2="${WIDTH - RIGHT}" y2="${bottom}" class="base"/>`,
    ...ticks(from, to).map(
      ({ at, text }) =>
        `<line x1="${x(at)}" y1="${bottom}" x2="${x(at)}" y2="${bottom + 4}" class="base"/><text x="${x(at)}" y="${bottom + 16}" class="axis" text-anchor="middle">${text}</text>`,
    ),
    ...lanes
      .flatMap((lane) => lane.spans)
      .filter(({ state }) => state === 'method')
      .map(
        (each) =>
          `<rect x="${x(each.from)}" y="${TOP}" width="${round(x(each.to) - x(each.from))}" height="${PLOT_HEIGHT}" class="shade"/>`,
      ),
  ];
  if (threshold !== undefined)
    parts.push(
      `<line x1="${LEFT}" y1="${y(threshold)}" x2="${WIDTH - RIGHT}" y2="${y(threshold)}" class="threshold"/>`,
      `<text x="${WIDTH - RIGHT}" y="${y(threshold) - 4}" class="axis" text-anchor="end">fires ${escapeHtml(chart.condition ?? format(threshold))}</text>`,
    );
  for (const { points, label, isThreshold } of chart.series) {
    const path = points
      .filter(([, value]) => Number.isFinite(value))
      .map(([at, value]) => `${x(at)},${y(value)}`)
      .join(' ');
    if (path !== '')
      parts.push(
        `<polyline points="${path}" class="${isThreshold ? 'bound' : 'signal'}"><title>${escapeHtml(label)}</title></polyline>`,
      );
  }
  lanes.forEach((lane, index) => {
    const top = bottom + 26 + index * LANE_HEIGHT;
    parts.push(`<text x="4" y="${top + 13}" class="lane">${escapeHtml(lane.label)}</text>`);
    for (const { from: begin, to: end, state } of lane.spans)
      parts.push(
        `<rect x="${x(begin)}" y="${top}" width="${Math.max(1, round(x(end) - x(begin)))}" height="${LANE_HEIGHT - 6}" class="${state}"><title>${escapeHtml(`${lane.label}: ${state}`)}</title></rect>`,
      );
    for (const { at, text } of lane.marks)
      parts.push(
        `<path d="M${x(at)} ${top - 2} l5 9 l-10 0 z" class="mark"><title>${escapeHtml(text)}</title></path>`,
      );
  });
  parts.push('</svg>');
  return parts.join('\n');
}

/** Seconds since the beginning, at most ten of them. */
function ticks(from: number, to: number): { at: number; text: string }[] {
  const seconds = (to - from) / 1000;
  const step = [5, 10, 15, 30, 60, 120, 300, 600, 1800].find((each) => seconds / each <= 10) ?? 3600;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => ({
    at: from + index * step * 1000,
    text: `${index * step} s`,
  }));
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
