/**
 * Every variable that `.env` may hold, once: name, kind, default, and what it is for. `.env.example` is checked
 * against this list, and the settings that programs get are made from it.
 */

import type { Mode } from './mode.ts';

interface PortVariable {
  kind: 'port';
  default: number;
  purpose: string;
  /** In which modes something listens on it. */
  modes: readonly Mode[];
}

interface SecretVariable {
  kind: 'secret';
  purpose: string;
}

const both = ['lite', 'full'] as const;
const lite = ['lite'] as const;
const full = ['full'] as const;

export const PORT_VARIABLES = {
  WEB_PORT: { kind: 'port', default: 8080, purpose: 'the application', modes: both },
  CONSOLE_PORT: {
    kind: 'port',
    default: 8000,
    purpose: 'the console, the front door of the lab',
    modes: both,
  },
  API_PORT: { kind: 'port', default: 3001, purpose: 'taskmanager-api', modes: both },
  GRAFANA_PORT: { kind: 'port', default: 3000, purpose: 'Grafana', modes: full },
  PROMETHEUS_PORT: { kind: 'port', default: 9090, purpose: 'Prometheus', modes: both },
  ALERTMANAGER_PORT: { kind: 'port', default: 9093, purpose: 'Alertmanager', modes: both },
  KIBANA_PORT: { kind: 'port', default: 5601, purpose: 'Kibana', modes: full },
  ELASTICSEARCH_PORT: { kind: 'port', default: 9200, purpose: 'Elasticsearch', modes: full },
  JAEGER_PORT: { kind: 'port', default: 16686, purpose: 'Jaeger', modes: full },
  OTLP_PORT: { kind: 'port', default: 4318, purpose: 'traces by OTLP/HTTP', modes: both },
  POSTGRES_PORT: { kind: 'port', default: 5432, purpose: 'Postgres', modes: both },
  API_MANAGEMENT_PORT: { kind: 'port', default: 9464, purpose: 'metrics and health of api', modes: lite },
  WEB_MANAGEMENT_PORT: { kind: 'port', default: 9465, purpose: 'metrics and health of web', modes: lite },
  WORKER_MANAGEMENT_PORT: {
    kind: 'port',
    default: 9466,
    purpose: 'metrics and health of worker',
    modes: lite,
  },
  CONSOLE_MANAGEMENT_PORT: {
    kind: 'port',
    default: 9467,
    purpose: 'metrics and health of console',
    modes: lite,
  },
  POSTGRES_EXPORTER_PORT: { kind: 'port', default: 9187, purpose: 'metrics of Postgres', modes: lite },
  BLACKBOX_EXPORTER_PORT: { kind: 'port', default: 9115, purpose: 'probes from outside', modes: lite },
  DATABASE_PROXY_PORT: {
    kind: 'port',
    default: 5433,
    purpose: 'Postgres for api, by way of the network that experiments disturb',
    modes: lite,
  },
  DATABASE_PROXY_API_PORT: { kind: 'port', default: 8474, purpose: 'how they disturb it', modes: lite },
} as const satisfies Record<string, PortVariable>;

export const SECRET_VARIABLES = {
  POSTGRES_SUPERUSER_PASSWORD: { kind: 'secret', purpose: 'role postgres' },
  TASKMANAGER_DB_PASSWORD: { kind: 'secret', purpose: 'role taskmanager, owner of the schema' },
  TASKMANAGER_APP_DB_PASSWORD: {
    kind: 'secret',
    purpose: 'role taskmanager_app, as which api and worker run',
  },
  POSTGRES_EXPORTER_PASSWORD: { kind: 'secret', purpose: 'role postgres_exporter, statistics only' },
  SESSION_SECRET: { kind: 'secret', purpose: 'signs the session cookies' },
  FAULTS_TOKEN: { kind: 'secret', purpose: 'lets `lab` switch faults on in a service' },
  LAB_TOKEN: { kind: 'secret', purpose: 'lets `lab` post experiments to the console' },
  GRAFANA_ADMIN_PASSWORD: { kind: 'secret', purpose: 'user admin of Grafana (full mode)' },
} as const satisfies Record<string, SecretVariable>;

export type PortName = keyof typeof PORT_VARIABLES;
export type SecretName = keyof typeof SECRET_VARIABLES;

export const PORT_NAMES = Object.keys(PORT_VARIABLES) as PortName[];
export const SECRET_NAMES = Object.keys(SECRET_VARIABLES) as SecretName[];

/** Ports on which something listens in a mode. */
export function portsOfMode(mode: Mode): PortName[] {
  return PORT_NAMES.filter((name) => (PORT_VARIABLES[name].modes as readonly string[]).includes(mode));
}
