/**
 * Grafana's own library in the versions that dashboards are held to: the one that compose.yaml pins, and the newest. Tests that
 * import this run in a browser-like environment (`// @vitest-environment happy-dom`).
 */
import { createRequire } from 'node:module';

export type GrafanaData = typeof import('grafana-data-12');

const require = createRequire(import.meta.url);

// As CommonJS: their ES modules import names that moment-timezone, itself CommonJS, does not announce to Node.
export const GRAFANA: readonly { version: string; data: GrafanaData }[] = [
  { version: '12.4', data: require('grafana-data-12') as GrafanaData },
  { version: '13.2', data: require('grafana-data-13') as GrafanaData },
];
