/** The one place that turns the environment into settings. Variables of the shell win over `.env`, as in Compose. */
import { z } from 'zod';
import { CannotRun } from '../cli/failure.ts';
import { readEnvironmentFile } from './environment-file.ts';
import { MODES, type Mode } from './mode.ts';
import type { LabPaths } from './paths.ts';
import {
  PORT_NAMES,
  PORT_VARIABLES,
  type PortName,
  portsOfMode,
  SECRET_NAMES,
  type SecretName,
} from './variables.ts';

export interface Settings {
  ports: Record<PortName, number>;
  secrets: Record<SecretName, string>;
  /** What a person insists on; undefined: the lab chooses. */
  mode: Mode | undefined;
  /** `grafana`: full mode leaves Kibana out. */
  logsUi: 'kibana' | 'grafana';
}

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65_535);
const secret = z.string().regex(/^[\x21-\x7e]{16,}$/);
const mode = z.enum(MODES);
const logsUi = z.enum(['kibana', 'grafana']);

const FORMS = {
  port: 'a whole number from 1 to 65535',
  secret:
    'at least 16 printable characters without blanks (delete the line and run `make env` for a fresh one)',
  mode: '`lite` or `full`',
  logsUi: '`kibana` or `grafana`',
};

/**
 * Settings from variables that were already read.
 * @throws CannotRun with a line for each bad value: variable, value (never a secret's), expected form.
 */
export function settingsFrom(variables: Record<string, string | undefined>): Settings {
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
  const ports = Object.fromEntries(
    PORT_NAMES.map((name) => [name, take(name, port, 'port', PORT_VARIABLES[name].default)]),
  ) as Record<PortName, number>;
  const secrets = Object.fromEntries(
    SECRET_NAMES.map((name) => [name, take(name, secret, 'secret', '')]),
  ) as Record<SecretName, string>;
  const wanted = take<Mode | undefined>('MODE', mode, 'mode', undefined);
  const viewer = take<Settings['logsUi']>('LOGS_UI', logsUi, 'logsUi', 'kibana');
  complaints.push(...duplicates(ports));
  if (complaints.length > 0) throw new CannotRun(complaints.join('\n'));
  return { ports, secrets, mode: wanted, logsUi: viewer };
}

function duplicates(ports: Record<PortName, number>): string[] {
  const complaints = new Set<string>();
  for (const each of MODES) {
    const users = new Map<number, PortName>();
    for (const name of portsOfMode(each)) {
      const earlier = users.get(ports[name]);
      if (earlier) complaints.add(`${name} and ${earlier} are both ${ports[name]}: expected a port each`);
      users.set(ports[name], name);
    }
  }
  return [...complaints];
}

/** Settings of this lab from `.env` and the shell. */
export async function loadSettings(
  paths: LabPaths,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Settings> {
  const file = await readEnvironmentFile(paths.environmentFile);
  // An empty variable of the shell says nothing, as `make up MODE=` does.
  const shell = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  return settingsFrom({ ...file, ...shell });
}
