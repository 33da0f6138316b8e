/** Our four programs as local Node processes: the same code as the containers', told where everything is. */
import { join } from 'node:path';
import { connectionUrl } from '@lab/postgres';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { PortName } from '../../settings/variables.ts';
import type { Part } from '../../supervisor/part.ts';
import { respondsOk } from './look.ts';

type ServiceName = 'api' | 'worker' | 'web' | 'console';

export const MANAGEMENT_PORTS = {
  api: 'API_MANAGEMENT_PORT',
  worker: 'WORKER_MANAGEMENT_PORT',
  web: 'WEB_MANAGEMENT_PORT',
  console: 'CONSOLE_MANAGEMENT_PORT',
} as const satisfies Record<ServiceName, PortName>;

/** service.name of each (DESIGN: the folder's part is shorter than the name). */
export const SERVICE_NAMES = {
  api: 'taskmanager-api',
  worker: 'taskmanager-worker',
  web: 'taskmanager-web',
  console: 'lab-console',
} as const satisfies Record<ServiceName, string>;

/** What every program of the lab gets, of ours or not. */
export interface CommonEnvironment {
  [name: string]: string;
}

export interface ServiceOptions {
  paths: LabPaths;
  settings: Settings;
  common: CommonEnvironment;
}

const local = (port: number) => `http://127.0.0.1:${port}`;

export function nodeServices(options: ServiceOptions): Part[] {
  const { paths, settings } = options;
  const { ports, secrets } = settings;
  const database = (user: 'taskmanager' | 'taskmanager_app', password: string, port = ports.POSTGRES_PORT) =>
    connectionUrl({ user, password, port, database: 'taskmanager' });
  const appPassword = secrets.TASKMANAGER_APP_DB_PASSWORD;
  // The console takes the spans of the others; none of its own, which would only tell of themselves.
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: local(ports.OTLP_PORT), OTEL_TRACES_SAMPLER_ARG: '1' };
  return [
    service(options, 'console', [], {
      PORT: String(ports.CONSOLE_PORT),
      LAB_MODE: 'lite',
      PROMETHEUS_URL: local(ports.PROMETHEUS_PORT),
      ALERTMANAGER_URL: local(ports.ALERTMANAGER_PORT),
      WEB_URL: local(ports.WEB_PORT),
      CONSOLE_DATA_DIR: join(paths.data, 'console'),
      PARTS_FILE: join(paths.prometheus, 'parts.json'),
      LOG_DIR: paths.applicationLogs,
      OTLP_PORT: String(ports.OTLP_PORT),
      LAB_TOKEN: secrets.LAB_TOKEN,
    }),
    service(options, 'api', ['postgres', 'database-proxy'], {
      ...traced,
      PORT: String(ports.API_PORT),
      // Through the proxy, so that an experiment can make the way slow or cut it.
      DATABASE_URL: database('taskmanager_app', appPassword, ports.DATABASE_PROXY_PORT),
      MIGRATION_DATABASE_URL: database('taskmanager', secrets.TASKMANAGER_DB_PASSWORD),
      SESSION_SECRET: secrets.SESSION_SECRET,
    }),
    service(options, 'web', [], {
      ...traced,
      PORT: String(ports.WEB_PORT),
      API_URL: local(ports.API_PORT),
    }),
    // After api, which migrates: it would only wait.
    service(options, 'worker', ['api'], {
      ...traced,
      DATABASE_URL: database('taskmanager_app', appPassword),
    }),
  ];
}

function service(
  { paths, settings, common }: ServiceOptions,
  name: ServiceName,
  dependsOn: string[],
  environment: Record<string, string>,
): Part {
  const management = settings.ports[MANAGEMENT_PORTS[name]];
  return {
    name,
    dependsOn,
    leaves: name === 'console' ? [] : ['console'],
    prepare: () => ({
      command: process.execPath,
      args: [...MEMORY_FLAGS, '--import', '@lab/telemetry/register', 'src/main.ts'],
      cwd: join(paths.root, 'services', name),
      env: {
        ...common,
        NODE_ENV: 'production',
        // The second start of the same code skips compiling it.
        NODE_COMPILE_CACHE: join(paths.cache, 'node'),
        SERVICE_NAME: SERVICE_NAMES[name],
        DEPLOYMENT_ENVIRONMENT: 'lab',
        LOG_LEVEL: 'info',
        LOG_FILE: join(paths.applicationLogs, `${SERVICE_NAMES[name]}.log`),
        // What the services log is in LOG_FILE; the part's own output holds what goes wrong beside that.
        LOG_STDOUT: 'false',
        HOST: '127.0.0.1',
        MANAGEMENT_HOST: '127.0.0.1',
        MANAGEMENT_PORT: String(management),
        FAULTS_ENABLED: 'true',
        FAULTS_TOKEN: settings.secrets.FAULTS_TOKEN,
        ...environment,
      },
    }),
    isReady: (signal) => respondsOk(`${local(management)}/readyz`, signal),
    stopSignal: 'SIGTERM',
    // The services drain for up to 10 s.
    stopDeadlineMs: 15_000,
  };
}

/** A lab's load fits: less young garbage kept between collections, a bound where a leak shows as a crash. */
const MEMORY_FLAGS = ['--max-semi-space-size=4', '--max-old-space-size=256'];
