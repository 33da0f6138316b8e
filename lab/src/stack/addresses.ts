/** Finds the addresses of the parts on this machine: the manifest's ports, with what `.env` changed. */
import { interpolate, type Manifest } from '@lab/manifest';
import type { Settings } from '../settings/settings.ts';
import type { Addresses, PartName, Stack, Viewers } from './stack.ts';

const atPort = (port: number | undefined) => `http://127.0.0.1:${port}`;

/** Returns this machine's port for one inside a part; undefined where it is open only inside. */
export function localPort(
  manifest: Manifest,
  { ports }: Settings,
  part: PartName,
  inside: number | undefined,
): number | undefined {
  const found = manifest.ports.find((port) => port.part === part && port.inside === inside);
  const chosen: Readonly<Record<string, number>> = ports;
  return found && (chosen[found.variable] ?? found.default);
}

/** Returns the addresses of those among these parts that publish a port: the first one of each. */
export function localAddresses(
  manifest: Manifest,
  settings: Settings,
  parts: readonly PartName[],
): Addresses {
  const published = manifest.ports.filter((port) => port.published).toReversed();
  const { ports } = settings;
  const variables = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
  const address = (part: PartName, inside: number) => {
    const url = manifest.part(part).entrance?.url;
    return url === undefined
      ? atPort(localPort(manifest, settings, part, inside))
      : interpolate(url, variables);
  };
  return {
    web: atPort(ports.WEB_PORT),
    console: atPort(ports.CONSOLE_PORT),
    api: atPort(ports.API_PORT),
    prometheus: atPort(ports.PROMETHEUS_PORT),
    alertmanager: atPort(ports.ALERTMANAGER_PORT),
    otlp: atPort(ports.OTLP_PORT),
    ...Object.fromEntries(
      published
        .filter(({ part }) => parts.includes(part))
        .map(({ part, inside }) => [part, address(part, inside)]),
    ),
  };
}

/** A line of the table that `up` prints. */
export interface Entrance {
  name: string;
  url: string;
  login: string;
}

/** Returns a row for each part of the lab that has an entrance in the manifest. */
export function entrances(
  { parts, addresses, traits: { viewers } }: Pick<Stack, 'parts' | 'addresses' | 'traits'>,
  manifest: Manifest,
): Entrance[] {
  return manifest.parts.flatMap(({ name, title, entrance }) => {
    if (!entrance || !parts.includes(name)) return [];
    const url = `${addresses[name] ?? ''}${entrance.path ?? ''}`;
    return [{ name: entrance.title ?? title, url, login: `${entrance.login}${note(name, viewers)}` }];
  });
}

/** Returns a note on what the console shows in the place of others. */
function note(part: PartName, { alerts, ...pages }: Viewers): string {
  if (part === 'alertmanager' && alerts !== part) return ` (the API; silences are set in the ${alerts})`;
  const own = Object.entries(pages).flatMap(([what, viewer]) => (viewer === 'console' ? [what] : []));
  if (part !== 'console' || own.length === 0) return '';
  return `; ${new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(own)} are its pages`;
}
