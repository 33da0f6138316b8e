/** An `alertmanager.yml` as far as it decides who hears of what. */
import { parseDuration } from '@lab/prometheus';
import { z } from 'zod';
import { CannotRun } from '../../cli/failure.ts';
import { readYaml } from '../../cli/read-yaml.ts';
import { allOf, equalTo, type Labels, type Matches, matching, readMatchers } from './matchers.ts';

export interface Route {
  receiver: string;
  /** `...` groups by every label. */
  groupBy: readonly string[];
  groupWaitMs: number;
  groupIntervalMs: number;
  repeatIntervalMs: number;
  /** A mute or active time interval is named: what it does depends on the clock, and is not judged. */
  timed: boolean;
  /** Tells this route from the others. */
  path: string;
  matches: Matches;
  continue: boolean;
  routes: readonly Route[];
}

export interface Inhibition {
  isSource: Matches;
  isTarget: Matches;
  equal: readonly string[];
}

export interface Routing {
  root: Route;
  inhibitions: readonly Inhibition[];
  /** Receivers that are also told of an alert's end. */
  tellsOfEnd: ReadonlySet<string>;
}

const pairs = z.record(z.string(), z.coerce.string()).default({});
const texts = z.array(z.string()).default([]);
const duration = z.string().transform((text) => parseDuration(text));

const routeFields = {
  receiver: z.string().optional(),
  group_by: z.array(z.string()).optional(),
  group_wait: duration.optional(),
  group_interval: duration.optional(),
  repeat_interval: duration.optional(),
  continue: z.boolean().default(false),
  matchers: texts,
  match: pairs,
  match_re: pairs,
  mute_time_intervals: texts,
  active_time_intervals: texts,
};
type WrittenRoute = z.infer<z.ZodObject<typeof routeFields>> & { routes: WrittenRoute[] };
const routeSchema: z.ZodType<WrittenRoute> = z.looseObject({
  ...routeFields,
  get routes() {
    return z.array(routeSchema).default([]);
  },
});
const fileSchema = z.looseObject({
  route: routeSchema,
  inhibit_rules: z
    .array(
      z.looseObject({
        source_matchers: texts,
        source_match: pairs,
        source_match_re: pairs,
        target_matchers: texts,
        target_match: pairs,
        target_match_re: pairs,
        equal: texts,
      }),
    )
    .default([]),
  receivers: z.array(z.looseObject({ name: z.string() })).default([]),
});

/** Alertmanager's own, where the root does not say. */
const DEFAULTS = { groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 4 * 3_600_000 };

/** @throws CannotRun naming the field that is wrong. */
export function readRouting(text: string): Routing {
  const read = fileSchema.safeParse(readYaml(text, 'alertmanager.yml'));
  if (!read.success) throw new CannotRun(`alertmanager.yml: ${z.prettifyError(read.error)}`);
  const { route, inhibit_rules: inhibitions, receivers } = read.data;
  const root = { receiver: '', groupBy: [], ...DEFAULTS };
  return {
    root: routeOf(route, root, 'root'),
    inhibitions: inhibitions.map((each) => ({
      isSource: allOf([
        ...readMatchers(each.source_matchers),
        ...equalTo(each.source_match),
        ...matching(each.source_match_re),
      ]),
      isTarget: allOf([
        ...readMatchers(each.target_matchers),
        ...equalTo(each.target_match),
        ...matching(each.target_match_re),
      ]),
      equal: each.equal,
    })),
    tellsOfEnd: new Set(receivers.filter(tellsOfEnd).map(({ name }) => name)),
  };
}

type Inherited = Pick<Route, 'receiver' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'>;

function routeOf(written: WrittenRoute, parent: Inherited, path: string): Route {
  const own: Inherited = {
    receiver: written.receiver ?? parent.receiver,
    groupBy: written.group_by ?? parent.groupBy,
    groupWaitMs: written.group_wait ?? parent.groupWaitMs,
    groupIntervalMs: written.group_interval ?? parent.groupIntervalMs,
    repeatIntervalMs: written.repeat_interval ?? parent.repeatIntervalMs,
  };
  return {
    ...own,
    path,
    timed: [...written.mute_time_intervals, ...written.active_time_intervals].length > 0,
    matches: allOf([
      ...readMatchers(written.matchers),
      ...equalTo(written.match),
      ...matching(written.match_re),
    ]),
    continue: written.continue,
    routes: written.routes.map((each, index) => routeOf(each, own, `${path}.${index}`)),
  };
}

/** Returns the routes that take an alert: the first that matches and what it lets go on, else the parent itself. */
export function routesOf(route: Route, labels: Labels): Route[] {
  if (!route.matches(labels)) return [];
  const taken: Route[] = [];
  for (const child of route.routes) {
    const found = routesOf(child, labels);
    taken.push(...found);
    if (found.length > 0 && !child.continue) break;
  }
  return taken.length > 0 ? taken : [route];
}

/** Slack and email are silent about ends unless they are told otherwise, and the others tell of them. */
const QUIET_BY_DEFAULT = new Set(['slack_configs', 'email_configs']);

function tellsOfEnd(receiver: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(receiver).some(([kind, configs]) => {
    if (!kind.endsWith('_configs') || !Array.isArray(configs)) return false;
    return configs.some(
      (each: { send_resolved?: boolean }) => each.send_resolved ?? !QUIET_BY_DEFAULT.has(kind),
    );
  });
}
