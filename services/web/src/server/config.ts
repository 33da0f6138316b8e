/** The only reader of the environment: checked once, at start. */
import { join, resolve } from 'node:path';
import { type Environment, httpUrl, number, port, text, wholeNumber } from '@lab/kit';
import { readServiceSettings } from '@lab/telemetry';

const SETTINGS = {
  HOST: text('an address').or('127.0.0.1'),
  PORT: port.or(8080),
  API_URL: httpUrl('http://127.0.0.1:3001').or('http://127.0.0.1:3001'),
  ASSETS_FOLDER: text('a path').or(join(import.meta.dirname, '../../dist')),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl('http://127.0.0.1:4318, without /v1/traces').optional(),
  OTEL_TRACES_SAMPLER_ARG: number(0, 1).or(0.1),
  TRUSTED_PROXIES: wholeNumber(0, 10).or(0),
  INTAKE_RATE: number(1, 100_000, 'requests a second for each client').or(50),
};

/** @throws ConfigError naming every variable that is wrong. */
export function readConfig(env: Environment) {
  const defaults = { name: 'taskmanager-web', managementPort: 9465 };
  const { common, own } = readServiceSettings(env, defaults, SETTINGS);
  const otlpEndpoint = own.OTEL_EXPORTER_OTLP_ENDPOINT;
  return {
    ...common,
    host: own.HOST,
    port: own.PORT,
    /** Base URL of taskmanager-api. */
    apiUrl: new URL(own.API_URL),
    /** The built app; another one is another release. */
    assetsFolder: resolve(own.ASSETS_FOLDER),
    /** OTLP base URL for the browser's spans; undefined: they are not recorded. */
    otlpEndpoint: otlpEndpoint === undefined ? undefined : new URL(otlpEndpoint),
    /** Share of the traces begun in browsers that is recorded, 0 to 1. */
    sampleRatio: own.OTEL_TRACES_SAMPLER_ARG,
    /** Proxies of ours in front of this server, whose X-Forwarded-* headers are believed. */
    trustedProxies: own.TRUSTED_PROXIES,
    /** Requests with browser telemetry that one client may make, a second in the long run. */
    intakeRate: own.INTAKE_RATE,
  };
}
