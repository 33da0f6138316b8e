/** The only reader of the environment: checked once, at start. */
import { join } from 'node:path';
import {
  type Environment,
  flag,
  httpUrl,
  port,
  Setting,
  secret,
  text,
  type Values,
  wholeNumber,
} from '@lab/kit';
import { readServiceSettings } from '@lab/telemetry';
import { z } from 'zod';
import { modeSchema } from '../contract/experiments.ts';

const MEBIBYTE = 1024 * 1024;
const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..');

const address = text('an address').or('127.0.0.1');
const folder = text('a folder');
const url = httpUrl('http://127.0.0.1:9090');
const mebibytes = (min: number, max: number) => wholeNumber(min, max, 'mebibytes');

/** A path below `url`, with `{…}` for what is to be shown. */
const page = z.string().startsWith('/').optional();
const viewerSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string().min(1),
  /** As a browser reaches it. */
  url: z.url({ protocol: /^https?$/ }),
  /** One dashboard, `{uid}`. */
  dashboard: page,
  /** Log lines that a `{query}` finds. */
  logs: page,
  /** One trace, `{traceId}`. */
  trace: page,
  /** Traces of a `{service}` and its `{operation}`. */
  traces: page,
});
export type Viewer = z.infer<typeof viewerSchema>;

/** Takes a list as JSON. A viewer whose address is empty is not there. */
const viewers = new Setting(
  'a list as JSON, such as [{"name":"grafana","title":"Grafana","url":"http://127.0.0.1:3000","dashboard":"/d/{uid}"}]',
  (given): Viewer[] | undefined => {
    let list: unknown;
    try {
      list = JSON.parse(given);
    } catch {
      return undefined; // The complaint says the form.
    }
    const present = z.array(z.looseObject({ url: z.string() })).safeParse(list).data;
    return z.array(viewerSchema).safeParse(present?.filter(({ url }) => url !== '')).data;
  },
);

const SETTINGS = {
  HOST: address,
  PORT: port.or(8000),
  LAB_MODE: new Setting('a short name such as lite', (given) => modeSchema.safeParse(given).data).or('lite'),
  PROMETHEUS_URL: url.or('http://127.0.0.1:9090'),
  ALERTMANAGER_URL: url.or('http://127.0.0.1:9093'),
  PROMETHEUS_PUBLIC_URL: url.optional(),
  ALERTMANAGER_PUBLIC_URL: url.optional(),
  WEB_URL: url.optional(),
  VIEWERS: viewers.or<Viewer[]>([]),
  CONSOLE_DATA_DIR: folder.or(join(REPOSITORY, '.lab', 'data', 'console')),
  LAB_TOKEN: secret(16).optional(),
  DASHBOARDS_DIR: folder.or(join(REPOSITORY, 'grafana', 'dashboards')),
  RUNBOOKS_DIR: folder.or(join(REPOSITORY, 'docs', 'runbooks')),
  REHEARSAL_DIR: folder.or(join(REPOSITORY, 'reports', 'rehearsal')),
  PARTS_FILE: text('a path').or(join(REPOSITORY, 'prometheus', 'parts.json')),
  WATCHDOG_INTERVAL_SECONDS: wholeNumber(1, 86_400, 'seconds').or(60),
  INBOX_MAX_MESSAGES: wholeNumber(1, 1_000_000).or(10_000),
  INBOX_MAX_MB: mebibytes(1, 10_000).or(64),
  KEEP_SIGNALS: flag.or(true),
  LOG_DIR: folder.optional(),
  OTLP_HOST: address,
  OTLP_PORT: port.or(4318),
  OTLP_MAX_BODY_MB: mebibytes(1, 256).or(8),
  STORE_MAX_LOG_MB: mebibytes(16, 1_000_000).or(2048),
  STORE_MAX_TRACE_MB: mebibytes(16, 1_000_000).or(1024),
  STORE_MAX_AGE_HOURS: wholeNumber(1, 100_000, 'hours').or(168),
};

/** @throws ConfigError naming every variable that is wrong. */
export function readConfig(env: Environment) {
  const defaults = { name: 'lab-console', managementPort: 9467 };
  const { common, own: values } = readServiceSettings(env, defaults, SETTINGS);
  return {
    ...common,
    /** What the lab calls the way it runs; only shown. */
    mode: values.LAB_MODE,
    host: values.HOST,
    port: values.PORT,
    prometheusUrl: new URL(values.PROMETHEUS_URL),
    alertmanagerUrl: new URL(values.ALERTMANAGER_URL),
    /** Where a browser reaches the tools; undefined: there is none. */
    publicUrls: {
      web: values.WEB_URL,
      prometheus: values.PROMETHEUS_PUBLIC_URL ?? values.PROMETHEUS_URL,
      alertmanager: values.ALERTMANAGER_PUBLIC_URL ?? values.ALERTMANAGER_URL,
    },
    /** Tools that show dashboards, logs or traces in the place of the console's own pages. */
    viewers: values.VIEWERS,
    dataDirectory: values.CONSOLE_DATA_DIR,
    /** Bearer that `lab` sends; undefined: experiments cannot be reported. */
    labToken: values.LAB_TOKEN,
    dashboardsDirectory: values.DASHBOARDS_DIR,
    runbooksDirectory: values.RUNBOOKS_DIR,
    /** Where `make rehearse` leaves its page. */
    rehearsalDirectory: values.REHEARSAL_DIR,
    /** JSON list of the parts that this lab has. */
    partsFile: values.PARTS_FILE,
    /** How often the watchdog alert is due at time scale 1. */
    watchdogIntervalSeconds: values.WATCHDOG_INTERVAL_SECONDS,
    inbox: { maxMessages: values.INBOX_MAX_MESSAGES, maxBytes: values.INBOX_MAX_MB * MEBIBYTE },
    /** Logs and traces kept by the console; undefined where others keep them. */
    signals: values.KEEP_SIGNALS ? signalsOf(values) : undefined,
  };
}

export type ConsoleConfig = ReturnType<typeof readConfig>;

function signalsOf(values: Values<typeof SETTINGS>) {
  return {
    logDirectory: values.LOG_DIR,
    otlp: {
      host: values.OTLP_HOST,
      port: values.OTLP_PORT,
      maxBodyBytes: values.OTLP_MAX_BODY_MB * MEBIBYTE,
    },
    maxLogBytes: values.STORE_MAX_LOG_MB * MEBIBYTE,
    maxSpanBytes: values.STORE_MAX_TRACE_MB * MEBIBYTE,
    maxAgeMs: values.STORE_MAX_AGE_HOURS * 3600 * 1000,
  };
}
