/** Prometheus, Alertmanager and the exporters as parts of lite mode, their flags in one place. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Part, PartCommand } from '../../supervisor/part.ts';
import type { ToolName } from '../../tools/catalogue.ts';
import type { FoundTools } from '../../tools/ensure-tools.ts';
import { accepts, respondsOk } from './look.ts';

export interface ToolPartOptions {
  paths: LabPaths;
  settings: Settings;
  tools: FoundTools;
  common: Record<string, string>;
}

/** The tools' programs of this lab; one that could not be had is no part. */
export function toolParts(options: ToolPartOptions): Part[] {
  return [
    prometheus(options),
    alertmanager(options),
    postgresExporter(options),
    blackboxExporter(options),
  ].filter((part) => part !== undefined);
}

function prometheus(options: ToolPartOptions): Part | undefined {
  const { paths, settings } = options;
  const { PROMETHEUS_PORT: port } = settings.ports;
  const data = join(paths.data, 'prometheus');
  const flags = [
    `--config.file=${join(paths.prometheus, 'prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=31d',
    '--storage.tsdb.retention.size=2GB',
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=http://127.0.0.1:${port}`,
    // k6 writes its results here.
    '--web.enable-remote-write-receiver',
    '--enable-feature=exemplar-storage',
    // An Alertmanager that was restarted knows nothing: it is told of everything again within this, not within a minute.
    '--rules.alert.resend-delay=10s',
  ];
  // Collect garbage earlier than Go would: tens of megabytes less for a little processor time.
  return part(
    options,
    'prometheus',
    flags,
    { env: { GOGC: '40', GOMEMLIMIT: '256MiB' }, folder: data },
    (signal) => respondsOk(`http://127.0.0.1:${port}/-/ready`, signal),
  );
}

function alertmanager(options: ToolPartOptions): Part | undefined {
  const { paths, settings } = options;
  const { ALERTMANAGER_PORT: port } = settings.ports;
  const data = join(paths.data, 'alertmanager');
  const flags = [
    `--config.file=${join(paths.alertmanager, 'alertmanager.yml')}`,
    `--storage.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=http://127.0.0.1:${port}`,
    // One instance: no gossip, no second port.
    '--cluster.listen-address=',
    // Silences and what was already sent reach the disk this often, and so survive a kill -9.
    '--data.maintenance-interval=10s',
  ];
  return part(options, 'alertmanager', flags, { env: { GOGC: '50' }, folder: data }, (signal) =>
    respondsOk(`http://127.0.0.1:${port}/-/ready`, signal),
  );
}

function postgresExporter(options: ToolPartOptions): Part | undefined {
  const { settings, tools } = options;
  const { POSTGRES_EXPORTER_PORT: port, POSTGRES_PORT } = settings.ports;
  const [, minor = 0] = tools['postgres-exporter']?.version ?? [];
  const flags = [
    `--web.listen-address=127.0.0.1:${port}`,
    // Postgres 17 moved columns that the collectors of before 0.16 still ask for.
    ...(minor < 16 ? ['--no-collector.bgwriter'] : ['--no-collector.stat_bgwriter']),
    '--log.level=warn',
  ];
  const env = {
    GOGC: '50',
    DATA_SOURCE_URI: `127.0.0.1:${POSTGRES_PORT}/taskmanager?sslmode=disable&application_name=postgres-exporter`,
    DATA_SOURCE_USER: 'postgres_exporter',
    DATA_SOURCE_PASS: settings.secrets.POSTGRES_EXPORTER_PASSWORD,
  };
  return part(options, 'postgres-exporter', flags, { env, dependsOn: ['postgres'] }, (signal) =>
    accepts(port, signal),
  );
}

function blackboxExporter(options: ToolPartOptions): Part | undefined {
  const { paths, settings } = options;
  const { BLACKBOX_EXPORTER_PORT: port } = settings.ports;
  const flags = [
    `--config.file=${join(paths.root, 'blackbox-exporter', 'blackbox.yml')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
  ];
  return part(options, 'blackbox-exporter', flags, { env: { GOGC: '50' } }, (signal) =>
    respondsOk(`http://127.0.0.1:${port}/-/healthy`, signal),
  );
}

function part(
  { paths, tools, common }: ToolPartOptions,
  name: ToolName,
  args: string[],
  extra: { env: Record<string, string>; folder?: string; dependsOn?: string[] },
  isReady: Part['isReady'],
): Part | undefined {
  const tool = tools[name];
  const [command] = tool?.executables ?? [];
  if (command === undefined) return undefined;
  return {
    name,
    dependsOn: extra.dependsOn ?? [],
    async prepare(): Promise<PartCommand> {
      if (extra.folder !== undefined && !existsSync(extra.folder))
        await mkdir(extra.folder, { recursive: true });
      return { command, args, cwd: tool?.root ?? paths.lab, env: { ...common, ...extra.env } };
    },
    isReady,
    stopSignal: 'SIGTERM',
    stopDeadlineMs: 10_000,
  };
}
