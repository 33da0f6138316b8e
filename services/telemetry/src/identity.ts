import { randomUUID } from 'node:crypto';

/** Who speaks: on every log line, span resource and in `service_info`. */
export interface ServiceIdentity {
  readonly name: string;
  readonly version: string;
  /** One process's life: a new one at every start, so that (instanceId, event.sequence) names one log record. */
  readonly instanceId: string;
  readonly environment: string;
}

const INSTANCE_OF_THIS_PROCESS = randomUUID();

/**
 * Reads SERVICE_NAME, SERVICE_VERSION, SERVICE_INSTANCE_ID (default: a random UUID a process) and
 * DEPLOYMENT_ENVIRONMENT (default `lab`). The same in `--import @lab/telemetry/register` and in the program.
 */
export function serviceIdentity(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ServiceIdentity {
  return {
    name: env['SERVICE_NAME'] || 'unknown_service',
    version: env['SERVICE_VERSION'] || env['npm_package_version'] || '0.1.0',
    instanceId: env['SERVICE_INSTANCE_ID'] || INSTANCE_OF_THIS_PROCESS,
    environment: env['DEPLOYMENT_ENVIRONMENT'] || 'lab',
  };
}
