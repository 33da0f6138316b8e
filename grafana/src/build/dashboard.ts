import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Dashboard as GrafanaDashboard,
  RowBuilder,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type Annotation, annotationQuery, EXPERIMENTS, LOAD_TESTS, RESTARTS } from './annotations.ts';
import { dashboardPath } from './links.ts';
import type { Panel } from './panel.ts';
import { place } from './place.ts';
import { queryVariable, type Variable } from './variable.ts';

/** Panels under one heading; the first section of a dashboard has none. */
export interface Section {
  title: string;
  panels: readonly Panel[];
  /** Folded until somebody wants it. */
  folded?: boolean;
}

export interface DashboardOptions {
  /** What alerts and links know it by. Never changes. */
  uid: string;
  title: string;
  /** For whom, and which question it answers. */
  description: string;
  sections: readonly Section[];
  variables?: readonly Variable[];
  /** Alerts to mark; experiments, load tests and restarts are marked everywhere. */
  alerts: Annotation;
  /** Where one goes from here: title by uid. */
  next: Readonly<Record<string, string>>;
  /** What is shown at first, such as `now-30m`. */
  from?: string;
}

export interface Dashboard extends DashboardOptions {
  annotations: readonly Annotation[];
  /** Grafana's classic JSON model, as its provisioning and the console read it. */
  json(): GrafanaDashboard;
}

export function section(title: string, panels: readonly Panel[]): Section {
  return { title, panels };
}

/** Details that few need: not asked for, and not drawn, until opened. */
export function folded(title: string, panels: readonly Panel[]): Section {
  return { title, panels, folded: true };
}

export function dashboard(options: DashboardOptions): Dashboard {
  const annotations = [options.alerts, EXPERIMENTS, LOAD_TESTS, RESTARTS];
  return { ...options, annotations, json: () => build(options, annotations) };
}

function build(options: DashboardOptions, annotations: readonly Annotation[]): GrafanaDashboard {
  const { uid, title, description, sections, variables = [], next, from = 'now-30m' } = options;
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['lab'])
    .readonly()
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from, to: 'now' })
    .refresh('10s')
    .timepicker(new TimePickerBuilder().refreshIntervals(['5s', '10s', '30s', '1m', '5m']))
    .variables(variables.map(queryVariable))
    .annotations(annotations.map(annotationQuery))
    .links(Object.entries(next).map(([to, label]) => otherDashboard(to, label)));
  let id = 0;
  let y = 0;
  for (const { title, panels, folded = false } of sections) {
    const row =
      title === '' ? undefined : new RowBuilder(title).id(++id).gridPos({ x: 0, y: y++, w: 24, h: 1 });
    const { places, bottom } = place(panels, y);
    for (const [index, panel] of panels.entries()) {
      const at = places[index];
      if (at === undefined) throw new Error(`${uid}: no place for "${panel.title}"`);
      const built = panel.build(++id, at);
      if (row !== undefined && folded) row.withPanel(built);
      else if (index === 0 && row !== undefined) builder.withRow(row).withPanel(built);
      else builder.withPanel(built);
    }
    if (row !== undefined && folded) builder.withRow(row.collapsed(true));
    else y = bottom;
  }
  return shownOpenly(builder.build());
}

/** The SDK's builders move links and annotations into a menu by default; ours are meant to be seen. */
function shownOpenly(built: GrafanaDashboard): GrafanaDashboard {
  return JSON.parse(
    JSON.stringify(built, (key, value) =>
      key === 'placement' && value === 'inControlsMenu' ? undefined : value,
    ),
  );
}

function otherDashboard(uid: string, title: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .icon('dashboard')
    .url(dashboardPath(uid))
    .keepTime(true)
    .targetBlank(false);
}
