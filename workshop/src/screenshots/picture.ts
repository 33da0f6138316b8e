/**
 * Defines a picture of the gallery: an address, what is done there, and the conditions that prove its content. A picture is
 * taken only when all of its proofs hold at the same time; one that cannot be proven fails the run by its name.
 */

import type { LogStore, TraceStore, Viewers } from '@lab/cli';
import type { Page } from 'playwright-core';

/** Whose page and messages are shown when all is over. */
export const LEFT_BEHIND = { name: 'api-errors', alert: 'HighErrorRate' } as const;
/** Run for the pictures, in this order: each breaks one thing on purpose until its alert fires and has arrived. */
export const EXPERIMENTS = [
  { name: 'browser-bad-release', alert: 'BrowserErrors' },
  LEFT_BEHIND,
  // Last: it sets off the alerts of the others, too.
  { name: 'database-slow', alert: 'HighDatabaseLatency' },
] as const;
export type ExperimentName = (typeof EXPERIMENTS)[number]['name'];

/** The moment in the story: under ordinary load, while an experiment’s alert fires, or after the last one’s end. */
export type Moment = 'calm' | ExperimentName | 'after';

export interface Picture {
  /** File name without its ending, and what a failure is called. */
  name: string;
  title: string;
  /** Tells what a person sees, in a sentence or two: the gallery's caption. */
  shows: string;
  /** The tool in whose place the console shows it: by what it is made for, or its name. */
  standsFor?: keyof Viewers | (string & {});
  when: Moment;
  address(scene: Scene): string;
  /** Does what a person would do before looking: open a line, for instance. */
  prepare?(page: Page, scene: Scene): Promise<void>;
  proofs: readonly Proof[];
  /** `window` (default) is the fixed size; `whole` is as wide, and as high as the page; a number is a height in pixels. */
  size?: 'window' | 'whole' | number;
}

export interface Proof {
  /** The condition that has to hold, in the gallery's words. */
  what: string;
  /** @returns what is seen instead; undefined when it holds. */
  missing(page: Page, scene: Scene): Promise<string | undefined>;
}

/** The things that there are to see. The run itself makes them, so that pictures show things that are known. */
export interface Scene {
  viewers: Viewers;
  /** Addresses of one request's log lines, and of one trace, where the lab shows them. */
  links: { logs: LogStore['link']; trace: TraceStore['link'] };
  /** Base address of a part, without a slash at its end. @throws Error where this lab has none such. */
  at(part: string): string;
  /** One request of a person in a browser, from click to job. */
  story: Story;
  /** Milliseconds since 1970: the minutes that charts show. Known once the pictures begin. */
  range: { from: number; to: number };
  /** The experiment that runs, or ran last; undefined before the first began. */
  experiment: { id: string; name: string; alert: string } | undefined;
  /** The last 30 days, where `make history` has filled them. */
  month: { from: number; to: number } | undefined;
  /** Absolute paths of HTML reports, where there are some. */
  reports: { load: string | undefined; chaos: string | undefined };
  /** Returns the number of panels in a dashboard's file, rows left out. */
  panels(dashboard: string): number;
}

export interface Story {
  taskTitle: string;
  /** The moment at which the request was made, milliseconds since 1970. */
  at: number;
  requestId: string;
  traceId: string;
  spans: number;
  /** The trace of the job that the request left to the worker; undefined where the traces' store knows no links. */
  jobTraceId: string | undefined;
  /** Log lines that carry the request's id. */
  logLines: number;
}
