/**
 * The visual language: one colour a meaning, on every dashboard. Grafana's names, which the console draws in its own hues. Red is
 * for errors alone; a threshold's line is red because beyond it is one.
 */
export const COLOR = {
  traffic: 'blue',
  good: 'green',
  errors: 'red',
  /** Refused (4xx), retried, given up on purpose: worth a look, nobody's outage. */
  refused: 'orange',
  /** Latency in shades of one hue: the darker, the fewer requests are slower. */
  p50: 'super-light-purple',
  p90: 'light-purple',
  p99: 'purple',
  /** Something that fills up: pools, queues, memory, processor. */
  saturation: 'yellow',
  /** What was learned or allowed: bands, limits, objectives. */
  reference: 'gray',
  neutral: 'text',
} as const;

export type Color = (typeof COLOR)[keyof typeof COLOR];
