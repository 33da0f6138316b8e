/** The variables that `.env` may hold: ports and settings of the manifest (compose.yaml), and the secrets, each with what it is for. */
import { type Manifest, readManifest } from '@lab/manifest';
import type { Mode } from './mode.ts';

/** Purpose of each secret, by its name. */
export const SECRET_PURPOSES = {
  POSTGRES_SUPERUSER_PASSWORD: 'role postgres',
  TASKMANAGER_DB_PASSWORD: 'role taskmanager, owner of the schema',
  TASKMANAGER_APP_DB_PASSWORD: 'role taskmanager_app, as which api and worker run',
  POSTGRES_EXPORTER_PASSWORD: 'role postgres_exporter, statistics only',
  SESSION_SECRET: 'signs the session cookies',
  FAULTS_TOKEN: 'lets `lab` switch faults on in a service',
  LAB_TOKEN: 'lets `lab` post experiments to the console',
  GRAFANA_ADMIN_PASSWORD: 'user admin of Grafana (full mode)',
} as const satisfies Record<string, string>;

export type SecretName = keyof typeof SECRET_PURPOSES;
export const SECRET_NAMES = Object.keys(SECRET_PURPOSES) as SecretName[];

/** Returns the variables of the ports on which something listens in a mode. */
export function portsOfMode(mode: Mode, { ports, parts }: Manifest = readManifest()): string[] {
  if (mode !== 'lite') return ports.filter(({ published }) => published).map(({ variable }) => variable);
  const started = parts.filter(({ lite }) => lite);
  // One part may stand in for another on its port: then lite is told the other's variable.
  const told = JSON.stringify(started.map(({ lite }) => lite));
  return ports
    .filter(
      ({ part, variable }) => started.some(({ name }) => name === part) || told.includes(`\${${variable}:`),
    )
    .map(({ variable }) => variable);
}

/** Returns the ports of a mode, each with its number in these settings. */
export function numberedPorts(
  names: readonly string[],
  ports: Readonly<Record<string, number>>,
): [name: string, port: number][] {
  return names.flatMap((name) => (ports[name] === undefined ? [] : [[name, ports[name]]]));
}

/** Returns the variables that compose.yaml names and that are set, beside ports and secrets. */
export function variablesOf(
  { parts, ports }: Manifest,
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const text = JSON.stringify(parts.map(({ compose }) => compose));
  const names = new Set([...text.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name = '']) => name));
  for (const { variable } of ports) names.delete(variable);
  for (const name of SECRET_NAMES) names.delete(name);
  return Object.fromEntries(
    [...names].flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])),
  );
}
