import type { Verdict } from './check.ts';

/** Every promise that a verdict finds broken, a line or two each. None: the gate is open. */
export function complaints({ failing, empty, missing, unaccounted, gone }: Verdict): string[] {
  return [
    ...failing.map((what) => `refused: ${what}`),
    ...empty.map((what) => `no data: ${what}`),
    ...missing.map((what) => `names a metric that nothing exposes: ${what}`),
    ...unaccounted.map(
      (name) =>
        `exposed and never looked at: ${name} (show it, or list it in grafana/src/catalogue/unused.ts)`,
    ),
    ...gone.map(
      (name) =>
        `listed as unused and exposed no more: ${name} (take it out of grafana/src/catalogue/unused.ts)`,
    ),
  ];
}
