/** The table, the chart and the figures of a run. */
import type { Row, Spread } from './summary.ts';
import type { Variant } from './variants.ts';

const withSpread = ({ median, lower, upper }: Spread, digits: number) =>
  `${median.toFixed(digits)} [${lower.toFixed(digits)}–${upper.toFixed(digits)}]`;

/** Markdown: medians with [lower–upper quartile]. */
export function table(rows: readonly Row[], variants: readonly Variant[]): string {
  const title = new Map(variants.map((variant) => [variant.name, variant.title]));
  const lines = rows.map((row) =>
    [
      `**${row.variant}** ${title.get(row.variant)}`,
      withSpread(row.cpuMicros, 0),
      row.variant === 'bare' ? '' : withSpread(row.cpuAddedMicros, 0),
      withSpread(row.requestsPerSecond, 0),
      withSpread(row.throughputRatio, 2),
      withSpread(row.p50, 0),
      withSpread(row.p99, 0),
      withSpread(row.rssMegabytes, 0),
    ].join(' | '),
  );
  return [
    '| variant | CPU µs/request | added | requests/s, saturated | ratio to bare | p50 ms | p99 ms | RSS MB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

/** The names and numbers that `docs/figures/bench.json` publishes. */
export function figures(rows: readonly Row[]): Record<string, number> {
  const row = (variant: string) => {
    const found = rows.find((one) => one.variant === variant);
    if (!found) throw new Error(`no measurement of ${variant}`);
    return found;
  };
  const tenths = (value: number) => Math.round(value * 10) / 10;
  const hundredths = (value: number) => Math.round(value * 100) / 100;
  const added = (variant: string) => tenths(row(variant).cpuAddedMicros.median);
  const ratio = (variant: string) => hundredths(row(variant).throughputRatio.median);
  return {
    cpu_bare_us: tenths(row('bare').cpuMicros.median),
    cpu_added_us_metrics: added('metrics'),
    cpu_added_us_logs: added('logs'),
    cpu_added_us_traces10: added('traces10'),
    cpu_added_us_traces100: added('traces100'),
    cpu_added_us_official: added('official'),
    cpu_added_us_textbook: added('textbook'),
    throughput_traces10_vs_bare: ratio('traces10'),
    throughput_traces100_vs_bare: ratio('traces100'),
    throughput_official_vs_bare: ratio('official'),
    throughput_textbook_vs_bare: ratio('textbook'),
    p99_traces10_vs_bare: hundredths(row('traces10').p99Ratio.median),
    memory_added_mb: tenths(row('traces10').memoryAddedMegabytes.median),
  };
}

const BAR = { left: 110, width: 520, height: 20, gap: 12, top: 56 };

/** A bar a variant: CPU time per request, with a line from quartile to quartile. */
export function chart(rows: readonly Row[]): string {
  const most = Math.max(...rows.map(({ cpuMicros }) => cpuMicros.upper));
  const scale = (micros: number) => (micros / most) * BAR.width;
  const height = BAR.top + rows.length * (BAR.height + BAR.gap) + 16;
  const bars = rows.map(({ variant, cpuMicros, throughputRatio }, index) => {
    const y = BAR.top + index * (BAR.height + BAR.gap);
    const middle = y + BAR.height / 2;
    const x = (micros: number) => (BAR.left + scale(micros)).toFixed(1);
    return `  <text x="${BAR.left - 8}" y="${middle + 4}" text-anchor="end">${variant}</text>
  <rect x="${BAR.left}" y="${y}" width="${scale(cpuMicros.median).toFixed(1)}" height="${BAR.height}" rx="2" fill="${variant === 'bare' ? '#8a94a6' : '#3b82f6'}"/>
  <path d="M${x(cpuMicros.lower)} ${middle}H${x(cpuMicros.upper)}" stroke="#1e293b" stroke-width="2"/>
  <text x="${BAR.left + BAR.width + 12}" y="${middle + 4}">${cpuMicros.median.toFixed(0)} µs · ${throughputRatio.median.toFixed(2)}×</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1e293b" role="img">
  <title>What the instrumentation costs</title>
  <rect width="760" height="${height}" fill="#ffffff"/>
  <text x="16" y="24" font-size="15" font-weight="600">CPU time per request, and throughput at saturation as a ratio to bare</text>
  <text x="16" y="42" fill="#64748b">GET /api/v1/tasks/:id; bars: medians, lines: quartiles of all slices</text>
${bars.join('\n')}
</svg>
`;
}
