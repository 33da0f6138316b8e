/** Reads compose.yaml as a document: merged, not interpolated. For the rules that need no container engine. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isPair, isScalar, parseDocument, visit } from 'yaml';
import { ManifestError } from './failure.ts';
import { withDefaults } from './interpolate.ts';

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
  stop_signal?: string;
  stop_grace_period?: string;
  /** lab-block.ts checks it. */
  'x-lab'?: unknown;
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
}

export function composeText(root = ROOT): string {
  return readFileSync(join(root, 'compose.yaml'), 'utf8');
}

/** @throws ManifestError where the file is not YAML. */
export function readCompose(root = ROOT): ComposeFile {
  return parseCompose(composeText(root));
}

/** @throws ManifestError where the text is not YAML, or has a key that Compose refuses. */
export function parseCompose(text: string): ComposeFile {
  const document = parseDocument(text, { merge: true });
  const complaints = document.errors.map(
    ({ message }) => `compose.yaml: expected YAML: ${message.split('\n')[0]}`,
  );
  visit(document, {
    Pair(_, { key }, ancestors) {
      if (!isScalar(key) || typeof key.value !== 'number') return;
      const path = [...ancestors.flatMap((each) => (isPair(each) ? [String(each.key)] : [])), key.value].join(
        '.',
      );
      complaints.push(
        `${path}: expected the key in quotes ("${key.value}"): Compose takes no number as a key`,
      );
    },
  });
  if (complaints.length > 0) throw new ManifestError(complaints);
  return document.toJS() as ComposeFile;
}

/** Returns the mounts of a service, in either syntax, with defaults filled in unless another `fill` is given. */
export function mountsOf(service: ComposeService, fill = withDefaults): Mount[] {
  return (service.volumes ?? []).map((volume) => {
    if (typeof volume !== 'string')
      return { ...volume, source: fill(volume.source), readOnly: volume.read_only === true };
    const [source = '', target = '', mode = ''] = fill(volume).split(':');
    return { source, target, readOnly: mode.split(',').includes('ro') };
  });
}
