/**
 * Defines the form of a service's `x-lab` block in compose.yaml: what the other ways of running, the rules and the console need
 * and Compose cannot say. compose/README.md explains each key to a reader.
 */
import { z } from 'zod';

/** Makes a schema say what it expects, in the words of a complaint. */
const port = z.int({ error: 'expected a port, 1 to 65535' }).min(1).max(65_535);
const portKey = z.string().regex(/^\d{1,5}$/, 'expected a port inside the container');
const text = z.string({ error: 'expected a text' }).min(1, 'expected a text that is not empty');
const strings = z.array(text, { error: 'expected a list of texts' });
const name = z.string({ error: 'expected a name such as taskmanager-api' });
const identifier = name.regex(/^[a-z][a-z0-9-]*$/, 'expected a name such as taskmanager-api');
const mebibytes = z
  .string({ error: 'expected a size such as 64m' })
  .regex(/^\d+m$/, 'expected a size such as 64m')
  .transform((size) => Number(size.slice(0, -1)));
const portVariable = z
  .string({ error: 'expected a port that .env can change, such as ${SHOP_MANAGEMENT_PORT:-9500}' })
  .regex(
    /^\$\{[A-Z][A-Z0-9_]*_PORT:-\d{1,5}\}$/,
    'expected a port that .env can change, such as ${SHOP_MANAGEMENT_PORT:-9500}',
  );
const address = z
  .string({ error: 'expected an address such as http://shop:9500/readyz or tcp://shop:9500' })
  .regex(/^(http|tcp):\/\/[a-z]/, 'expected an address such as http://shop:9500/readyz or tcp://shop:9500');

const downSchema = z.strictObject({
  severity: z
    .enum(['critical', 'warning', 'info'], { error: 'expected critical, warning or info' })
    .default('warning'),
  /** Default: `<title> is down`. */
  summary: text.optional(),
  /** The dashboard that an alert links to, by uid. */
  dashboard: identifier.default('lab-health'),
  keep_firing_for: z
    .string()
    .regex(/^\d+[smh]$/, 'expected a duration such as 5m')
    .optional(),
});

const liteLeftOut = z.strictObject({ left_out: text });
const liteStarted = z.strictObject({
  /** The driver starts it by code of its own. */
  builtin: z.literal('postgres', { error: 'expected postgres' }).optional(),
  /** A program that `make tools` finds or fetches. */
  tool: identifier.optional(),
  /** Lite goes without it where its tool cannot be had. */
  optional: z.boolean({ error: 'expected true or false' }).default(false),
  /** Replaces the service's own command. */
  command: strings.optional(),
  /** They follow the command. */
  arguments: strings.default([]),
  /** More variables. They win over the service's own; an empty value takes a variable away. */
  environment: z.record(z.string(), z.coerce.string()).default({}),
  /** The folder in which the command runs, from the checkout. */
  folder: text.default('.'),
  /** Ports that only lite opens on this machine, by the port inside the container. */
  ports: z.record(portKey, portVariable).default({}),
  /** Default: what `depends_on` names, without what lite leaves out. */
  after: z.array(identifier).optional(),
  /** Parts that it still talks to while it stops. */
  leaves: z.array(identifier).default([]),
  /** False: the stand-in of lite has no metrics. */
  scraped: z.boolean({ error: 'expected true or false' }).default(true),
});

export const labBlockSchema = z
  .strictObject({
    /** Names the part for people. */
    title: text,
    /** OpenTelemetry's service.name; default: the service's name in compose.yaml. */
    service_name: identifier.optional(),
    /** Says that its source is here: it answers on its management port, and its restarts and memory are watched. */
    application: z.boolean({ error: 'expected true or false' }).default(false),
    job: identifier.optional(),
    /** The port of its metrics, inside the network. */
    management_port: port.optional(),
    /** Further metrics: Prometheus job → port. */
    more_jobs: z.record(identifier, port).default({}),
    /** True: experiments may switch faults on in it. */
    faults: z.boolean({ error: 'expected true or false' }).default(false),
    /** Resident memory beyond what mem_limit counts. */
    memory_overhead: mebibytes.default(0),
    /** Resident memory that it may have where that is not mem_limit and memory_overhead. */
    memory_budget: mebibytes.optional(),
    /** The purpose of a published port, by the port inside the container; default: the title. */
    ports: z.record(portKey, text).default({}),
    /** A row in the table of `make up`. */
    entrance: z
      .strictObject({ title: text.optional(), login: text, path: text.optional(), url: text.optional() })
      .optional(),
    /** Describes its Down alert; false: it has none. */
    down: z.union([downSchema, z.literal(false)]).prefault({}),
    /** The targets of the blackbox exporter, by target_name. */
    probes: z.record(identifier, z.strictObject({ module: text, target: text })).default({}),
    /** The address at which it says that it is ready; default for an application: /readyz on its management port. */
    ready: address.optional(),
    lite: z.union([liteLeftOut, liteStarted]),
  })
  .superRefine(({ job, management_port }, context) => {
    const missing = job === undefined ? 'job' : 'management_port';
    const form = job === undefined ? 'a Prometheus job' : 'the port that the job is scraped on';
    if ((job === undefined) !== (management_port === undefined))
      context.addIssue({ code: 'custom', path: [missing], message: `expected ${form}, got nothing` });
  });

export type LabBlock = z.infer<typeof labBlockSchema>;
export type DownAlert = z.infer<typeof downSchema>;
