import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

/** What the tests look at of a panel in a dashboard's JSON. */
export interface DrawnPanel {
  id?: number;
  type: string;
  title?: string;
  description?: string;
  fieldConfig?: { defaults: { unit?: string; thresholds?: { steps: { value: number | null }[] } } };
  targets?: { expr?: string }[];
  panels?: DrawnPanel[];
}

/** Every panel, those in folded rows too, the rows themselves not. */
export function drawnPanels(dashboard: Dashboard): DrawnPanel[] {
  const all = (dashboard.panels ?? []) as unknown as DrawnPanel[];
  return all.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}

/** Every address that a dashboard leads to. */
export function linksIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(linksIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'url' && typeof inner === 'string' ? [inner] : linksIn(inner),
  );
}
