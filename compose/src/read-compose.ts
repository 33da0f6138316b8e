/** Reads compose.yaml as a document: merged, not interpolated. For the rules that need no container engine. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, '../..');

export interface Healthcheck {
  test: string[];
  interval: string;
  timeout: string;
  retries: number;
  start_period: string;
}

export interface Mount {
  type?: string;
  source: string;
  target: string;
  readOnly: boolean;
}

export interface ComposeService {
  image: string;
  build?: { context: string; dockerfile?: string; args?: Record<string, string> };
  user?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  networks?: string[];
  volumes?: (string | { type: string; source: string; target: string; read_only?: boolean })[];
  tmpfs?: string[];
  profiles?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: Healthcheck;
  deploy?: { replicas?: string };
  restart?: string;
  init?: boolean;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  privileged?: boolean;
  network_mode?: string;
  container_name?: string;
  logging?: { driver: string; options: Record<string, string> };
  mem_limit?: string;
  memswap_limit?: string;
  cpus?: number;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
}

export function composeText(): string {
  return readFileSync(join(ROOT, 'compose.yaml'), 'utf8');
}

/** @throws YAMLParseError where the file is not YAML. */
export function readCompose(): ComposeFile {
  return parse(composeText(), { merge: true }) as ComposeFile;
}

/** A value as Compose reads it where nothing is set: defaults taken, `${NAME:+…}` empty, required names left as they are. */
export function withDefaults(value: string): string {
  const inner = /\$\{([A-Z0-9_]+)(:?[-+?])([^${}]*)\}/;
  let result = value;
  for (let match = inner.exec(result); match; match = inner.exec(result)) {
    const [whole, name, operator, rest] = match;
    const replacement = operator?.endsWith('-') ? rest : operator?.endsWith('+') ? '' : `<${name}>`;
    result = result.replace(whole, replacement ?? '');
  }
  return result;
}

/** Mounts of a service, in either syntax, with defaults filled in. */
export function mountsOf(service: ComposeService): Mount[] {
  return (service.volumes ?? []).map((volume) => {
    if (typeof volume !== 'string')
      return { ...volume, source: withDefaults(volume.source), readOnly: volume.read_only === true };
    const [source = '', target = '', mode = ''] = withDefaults(volume).split(':');
    return { source, target, readOnly: mode.split(',').includes('ro') };
  });
}
