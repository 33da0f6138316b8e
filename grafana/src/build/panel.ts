import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { Short } from '@grafana/grafana-foundation-sdk/units';
import type { Link } from './links.ts';
import type { Query } from './query.ts';
import { describeUntil } from './until.ts';

/** What a person who meets a panel for the first time needs to know. Every panel says all three. */
export interface About {
  /** What is shown. */
  shows: string;
  /** What it looks like when all is well. */
  normal: string;
  /** What to do when it does not. */
  act: string;
}

export interface PanelOptions extends About {
  queries: readonly Query[];
  /** Grafana's unit id (`@grafana/grafana-foundation-sdk/units`); a plain count, if not said. */
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  links?: readonly Link[];
  /** What it means that there is nothing to show, for panels that may rightly be empty: `No alert fires`. */
  calm?: string;
  /** Columns of 24. */
  width?: number;
  /** Rows of about 30 pixels. */
  height?: number;
}

export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A panel before it has a place: what the gate and the catalogue look at, and how it becomes Grafana's JSON. */
export interface Panel {
  title: string;
  about: About;
  queries: readonly Query[];
  /** Asks a data source that only full mode has. */
  fullOnly?: boolean;
  width: number;
  height: number;
  build(id: number, place: Place): cog.Builder<sdk.Panel>;
}

/** What all kinds of panels have in common, as their builders name it. */
export interface CommonBuilder {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: { type: string; uid: string }): this;
  gridPos(place: Place): this;
  links(links: cog.Builder<sdk.DashboardLink>[]): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  noValue(text: string): this;
}

/** The three parts in one text: Grafana and the console show it behind the panel's `i`. */
export function describe({ shows, normal, act }: About): string {
  return `${shows}\n\nNormal: ${normal}\n\nIf not: ${act}`;
}

/** Applies what every panel has. */
export function common<B extends CommonBuilder>(
  builder: B,
  { id, place, title, options }: { id: number; place: Place; title: string; options: PanelOptions },
): B {
  builder.id(id).title(title).description(describe(options)).gridPos(place);
  const { unit = Short, decimals, min, max, links = [], queries } = options;
  builder.unit(unit);
  if (decimals !== undefined) builder.decimals(decimals);
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  if (links.length > 0) builder.links(links.map(panelLink));
  const waits = queries.map(({ until }) => until);
  const [first] = waits;
  // Only where every query may have nothing: one that must not be empty would make the words untrue.
  if (first !== undefined && waits.every((until) => until !== undefined))
    builder.noValue(describeUntil(first, options.calm));
  return builder;
}

export function panelLink({ title, url }: Link): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(false);
}
