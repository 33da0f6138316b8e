/** Reads Alertmanager's configuration as it shows it, into a routing tree with what each route inherits filled in. */
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { AlertmanagerConfig, AlertRoute } from '../../contract/alerts.ts';

type Parsed = Pick<AlertmanagerConfig, 'routing' | 'receivers' | 'inhibitRules'>;

const labelMap = z.record(z.string(), z.coerce.string()).optional();
const texts = z.array(z.coerce.string()).optional();
const routeSchema = z.looseObject({
  receiver: z.string().optional(),
  group_by: texts,
  group_wait: z.string().optional(),
  group_interval: z.string().optional(),
  repeat_interval: z.string().optional(),
  continue: z.boolean().optional(),
  matchers: texts,
  match: labelMap,
  match_re: labelMap,
  mute_time_intervals: texts,
  active_time_intervals: texts,
  get routes() {
    return z.array(routeSchema).optional();
  },
});
type Route = z.infer<typeof routeSchema>;

const configSchema = z.looseObject({
  route: routeSchema,
  receivers: z.array(z.looseObject({ name: z.string() })).default([]),
  inhibit_rules: z
    .array(
      z.looseObject({
        source_matchers: texts,
        source_match: labelMap,
        source_match_re: labelMap,
        target_matchers: texts,
        target_match: labelMap,
        target_match_re: labelMap,
        equal: texts,
      }),
    )
    .default([]),
});

const MAX_DEPTH = 50;

/** Alertmanager's own defaults. */
const ROOT: AlertRoute = {
  receiver: '',
  matchers: [],
  groupBy: [],
  groupWait: '30s',
  groupInterval: '5m',
  repeatInterval: '4h',
  continue: false,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
};

/** What cannot be understood is said as such: the text itself is still shown. */
export function readAlertmanagerConfig(yaml: string): Parsed {
  try {
    return understood(configSchema.parse(parseYaml(yaml, { logLevel: 'error' })));
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 300) : String(error);
    return {
      routing: { status: 'unknown', reason: `the configuration cannot be read: ${reason}` },
      receivers: [],
      inhibitRules: [],
    };
  }
}

function understood(config: z.infer<typeof configSchema>): Parsed {
  return {
    routing: { status: 'known', value: routeOf(config.route, ROOT) },
    receivers: config.receivers.map((receiver) => ({
      name: receiver.name,
      integrations: Object.entries(receiver)
        .filter(([key, value]) => key.endsWith('_configs') && Array.isArray(value) && value.length > 0)
        .map(([key]) => key.replace(/_configs$/, '')),
    })),
    inhibitRules: config.inhibit_rules.map((rule) => ({
      source: matchersOf(rule.source_matchers, rule.source_match, rule.source_match_re),
      target: matchersOf(rule.target_matchers, rule.target_match, rule.target_match_re),
      equal: rule.equal ?? [],
    })),
  };
}

function routeOf(route: Route, parent: AlertRoute, depth = 0): AlertRoute {
  // An alias in YAML can make a route its own child.
  if (depth > MAX_DEPTH) throw new Error(`routes are nested more than ${MAX_DEPTH} deep`);
  const own: AlertRoute = {
    receiver: route.receiver || parent.receiver,
    matchers: matchersOf(route.matchers, route.match, route.match_re),
    groupBy: route.group_by ?? parent.groupBy,
    groupWait: route.group_wait ?? parent.groupWait,
    groupInterval: route.group_interval ?? parent.groupInterval,
    repeatInterval: route.repeat_interval ?? parent.repeatInterval,
    continue: route.continue ?? false,
    muteTimeIntervals: route.mute_time_intervals ?? [],
    activeTimeIntervals: route.active_time_intervals ?? [],
    routes: [],
  };
  own.routes = (route.routes ?? []).map((child) => routeOf(child, own, depth + 1));
  return own;
}

function matchersOf(
  matchers: string[] | undefined,
  equal: Record<string, string> | undefined,
  regex: Record<string, string> | undefined,
): string[] {
  return [
    ...(matchers ?? []),
    ...Object.entries(equal ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    ...Object.entries(regex ?? {}).map(([name, value]) => `${name}=~${JSON.stringify(value)}`),
  ];
}
