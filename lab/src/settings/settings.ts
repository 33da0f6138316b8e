/** The one place that turns the environment into settings. Variables of the shell win over `.env`, as in Compose. */
import { type Manifest, readManifest } from '@lab/manifest';
import { z } from 'zod';
import { CannotRun } from '../cli/failure.ts';
import { readEnvironmentFile } from './environment-file.ts';
import { MODES, type Mode } from './mode.ts';
import type { LabPaths } from './paths.ts';
import { portsOfMode, SECRET_NAMES, type SecretName, variablesOf } from './variables.ts';

/** Ports that the lab itself asks. */
const ASKED = [
  'WEB_PORT',
  'CONSOLE_PORT',
  'API_PORT',
  'PROMETHEUS_PORT',
  'ALERTMANAGER_PORT',
  'OTLP_PORT',
  'POSTGRES_PORT',
] as const;

/** Every port of the manifest, by the variable of .env that changes it. */
export type Ports = Readonly<Record<(typeof ASKED)[number], number> & Record<string, number>>;

export interface Settings {
  ports: Ports;
  secrets: Record<SecretName, string>;
  /** The mode that a person insists on; undefined: the lab chooses. */
  mode: Mode | undefined;
  /** The context of kubectl that a person insists on (kubernetes mode); undefined: the current one, if it is local. */
  context: string | undefined;
  /** `grafana`: full mode leaves Kibana out. */
  logsUi: 'kibana' | 'grafana';
  /** Values of the other variables that compose.yaml names, of those that are set. */
  variables: Readonly<Record<string, string>>;
}

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65_535);
const secret = z.string().regex(/^[\x21-\x7e]{16,}$/);
const mode = z.enum(MODES);
const logsUi = z.enum(['kibana', 'grafana']);
const replicas = z.enum(['0', '1']);

const FORMS = {
  port: 'a whole number from 1 to 65535',
  secret:
    'at least 16 printable characters without blanks (delete the line and run `make env` for a fresh one)',
  mode: '`lite`, `full` or `kubernetes`',
  logsUi: '`kibana` or `grafana`',
  replicas: '0 or 1',
};

/**
 * Settings from variables that were already read.
 * @throws CannotRun with a line for each bad value: variable, value (never a secret's), expected form.
 */
export function settingsFrom(
  variables: Record<string, string | undefined>,
  manifest: Manifest = readManifest(),
): Settings {
  const complaints: string[] = [];
  function take<T>(name: string, schema: z.ZodType<T, string>, form: keyof typeof FORMS, fallback: T): T {
    const text = variables[name];
    if (text === undefined || text === '') {
      if (form === 'secret') complaints.push(`${name} is not set: run \`make env\``);
      return fallback;
    }
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    complaints.push(
      `${name}: expected ${FORMS[form]}, got ${form === 'secret' ? 'something else' : JSON.stringify(text)}`,
    );
    return fallback;
  }
  const ports: Record<string, number> = Object.fromEntries(
    manifest.ports.map((each) => [each.variable, take(each.variable, port, 'port', each.default)]),
  );
  const secrets = Object.fromEntries(
    SECRET_NAMES.map((name) => [name, take(name, secret, 'secret', '')]),
  ) as Record<SecretName, string>;
  const wanted = take<Mode | undefined>('MODE', mode, 'mode', undefined);
  const viewer = take<Settings['logsUi']>('LOGS_UI', logsUi, 'logsUi', 'kibana');
  for (const name of new Set(manifest.parts.flatMap((part) => part.replicas ?? [])))
    take<'0' | '1'>(name, replicas, 'replicas', '1');
  complaints.push(...unknownProfiles(variables['COMPOSE_PROFILES'] ?? '', manifest));
  complaints.push(...duplicates(ports, manifest));
  if (!asksAll(ports)) complaints.push(...ASKED.filter((name) => ports[name] === undefined).map(missing));
  if (!asksAll(ports) || complaints.length > 0) throw new CannotRun(complaints.join('\n'));
  return {
    ports,
    secrets,
    mode: wanted,
    context: variables['CONTEXT'] || undefined,
    logsUi: viewer,
    variables: variablesOf(manifest, variables),
  };
}

function asksAll(ports: Record<string, number>): ports is Ports {
  return ASKED.every((name) => ports[name] !== undefined);
}

function missing(name: string): string {
  return `compose.yaml: expected a port that ${name} changes, got none: the lab asks the part behind it`;
}

function unknownProfiles(text: string, { parts }: Manifest): string[] {
  const known = [...new Set(parts.flatMap(({ profiles }) => profiles))];
  const unknown = text.split(',').filter((name) => name !== '' && !known.includes(name.trim()));
  return unknown.length === 0
    ? []
    : [
        `COMPOSE_PROFILES: expected profiles of compose.yaml (${known.join(', ')}) with commas between them, got ${JSON.stringify(text)}`,
      ];
}

function duplicates(ports: Record<string, number>, manifest: Manifest): string[] {
  const complaints = new Set<string>();
  for (const each of MODES) {
    const users = new Map<number | undefined, string>();
    for (const name of portsOfMode(each, manifest)) {
      const earlier = users.get(ports[name]);
      if (earlier) complaints.add(`${name} and ${earlier} are both ${ports[name]}: expected a port each`);
      users.set(ports[name], name);
    }
  }
  return [...complaints];
}

/** Settings of this lab from `.env` and the shell. @throws CannotRun as `settingsFrom`; ManifestError for compose.yaml. */
export async function loadSettings(
  paths: LabPaths,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Settings> {
  const file = await readEnvironmentFile(paths.environmentFile);
  // An empty variable of the shell says nothing, as `make up MODE=` does.
  const shell = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  return settingsFrom({ ...file, ...shell }, readManifest(paths.root));
}
