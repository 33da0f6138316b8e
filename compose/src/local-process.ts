/**
 * Translates a part's container into a process of this machine: the same command and environment, with the container's
 * addresses, paths and ports replaced by where lite has them. Nothing is written twice; what lite needs otherwise stands in
 * `x-lab.lite`.
 */
import { resolve } from 'node:path';
import { type ComposeService, mountsOf } from './compose-file.ts';
import { ManifestError } from './failure.ts';
import { interpolate } from './interpolate.ts';
import type { Manifest, Part } from './manifest.ts';

export interface LocalOptions {
  manifest: Manifest;
  /** The checkout: relative paths begin here. */
  root: string;
  /** Values of .env, of the shell and of the driver. @see interpolate */
  variables: Readonly<Record<string, string | undefined>>;
  /** The folder of a named volume. */
  volume(name: string): string;
}

export interface LocalProcess {
  command: string[];
  environment: Record<string, string>;
  /** Absolute. */
  folder: string;
}

/** @throws ManifestError where a text names an address that nothing in lite listens on, or a secret is missing. */
export function localProcess(part: Part, options: LocalOptions): LocalProcess {
  const { compose, lite } = part;
  if (!lite) throw new ManifestError([`services.${part.name}.x-lab.lite: expected a way to start it`]);
  const translate = (text: string, key: string) => localText(text, { ...options, part, key });
  const command = [...(lite.command ?? [...(compose.entrypoint ?? []), ...(compose.command ?? [])])];
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...compose.environment, ...lite.environment })) {
    const text = ownPort(part, options.manifest, name, String(value)) ?? String(value);
    const filled = translate(text, `environment.${name}`);
    if (filled !== '') environment[name] = filled;
  }
  return {
    command: [...command, ...lite.arguments].map((each, index) => translate(each, `command[${index}]`)),
    environment,
    folder: resolve(options.root, lite.folder),
  };
}

/** Returns an address such as `http://api:9464/readyz` as this machine reaches it. @throws ManifestError as `localProcess`. */
export function localAddress(text: string, part: Part, options: Omit<LocalOptions, 'volume'>): string {
  return localText(text, { ...options, volume: (name) => name, part, key: 'x-lab' });
}

interface TextOptions extends LocalOptions {
  part: Part;
  /** The path of the text in compose.yaml, for a complaint. */
  key: string;
}

function localText(given: string, { part, key, manifest, root, variables, volume }: TextOptions): string {
  const fill = (each: string) =>
    interpolate(each, variables, (name) => {
      throw new ManifestError([`services.${part.name}.${key}: ${name} is not set: run \`make env\``]);
    });
  // A password inside an address is written as addresses want it.
  const text = given.replace(
    /(:\/\/[^/@]*:)(\$\{[^}]*\})(?=@)/,
    (_, before: string, password: string) => before + encodeURIComponent(fill(password)),
  );
  const addresses = replaceAddresses(text, manifest, `services.${part.name}.${key}`);
  const local = replacePaths(addresses, part.compose, (source) =>
    /^[./]/.test(source) ? resolve(root, source) : volume(source),
  );
  // One machine and one instance of each: the host's name in a file's name tells nothing.
  return fill(local.replaceAll('0.0.0.0', '127.0.0.1').replaceAll('.{hostname}', ''));

  function replacePaths(before: string, service: ComposeService, folder: (source: string) => string): string {
    const mounts = mountsOf(service, fill).sort((one, other) => other.target.length - one.target.length);
    return mounts.reduce((now, { source, target }) => {
      const place = new RegExp(`(^|[=:,\\s])${RegExp.escape(target)}(?=$|[/:,\\s])`, 'g');
      return now.replaceAll(place, (_, before_: string) => before_ + folder(source).replaceAll('$', '$$$$'));
    }, before);
  }
}

/** Replaces `part:port` by the port of this machine, as a variable that is filled in afterwards. */
function replaceAddresses(text: string, manifest: Manifest, at: string): string {
  const names = manifest.parts.map(({ name }) => RegExp.escape(name)).join('|');
  const place = new RegExp(`(^|[/@,=\\s])(${names}):(\\d+)\\b`, 'g');
  return text.replaceAll(place, (whole, before: string, part: string, inside: string) => {
    const port = portOf(manifest, part, Number(inside));
    if (!port)
      throw new ManifestError([
        `${at}: expected an address that lite has, got ${whole.slice(before.length)}`,
      ]);
    return `${before}127.0.0.1:${port}`;
  });
}

/** `PORT: 3001` of the service that is published on ${API_PORT:-3001}: lite's process listens there itself. */
function ownPort(part: Part, manifest: Manifest, name: string, value: string): string | undefined {
  if (!/(^|_)PORT$/.test(name) || !/^\d+$/.test(value)) return undefined;
  return portOf(manifest, part.name, Number(value));
}

function portOf({ ports }: Manifest, part: string, inside: number): string | undefined {
  const found = ports.find((each) => each.part === part && each.inside === inside);
  return found && `\${${found.variable}:-${found.default}}`;
}
