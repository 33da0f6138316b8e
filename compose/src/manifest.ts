/** Reads compose.yaml with its `x-lab` blocks into one list of parts, checked as a whole before anything uses it. */
import { complaintsOf } from './complaints.ts';
import { type ComposeService, composeText, parseCompose, ROOT } from './compose-file.ts';
import { ManifestError } from './failure.ts';
import { type DownAlert, type LabBlock, labBlockSchema } from './lab-block.ts';
import { isMebibytes, mebibytes } from './memory.ts';

/** A port of a part that this machine can reach. */
export interface PortOfPart {
  part: string;
  /** The port inside the container. */
  inside: number;
  /** The variable of .env that changes it. */
  variable: string;
  default: number;
  purpose: string;
  /** True: Compose publishes it. False: only lite opens it. */
  published: boolean;
}

export interface Scrape {
  job: string;
  /** Inside the network. */
  port: number;
}

export interface Probe {
  /** `target_name` of its series. */
  name: string;
  /** A module of blackbox-exporter/blackbox.yml. */
  module: string;
  /** The address as the blackbox exporter's container reaches it. */
  target: string;
}

/** The start of a part in lite; commands and addresses are those of the container, which `localProcess` translates. */
export interface LiteStart extends Omit<Extract<LabBlock['lite'], { folder: string }>, 'after'> {
  after: readonly string[];
}

export interface Part {
  /** Names the part in compose.yaml, in commands and in experiments. */
  name: string;
  title: string;
  /** OpenTelemetry's service.name. */
  service: string;
  application: boolean;
  faults: boolean;
  scrapes: readonly Scrape[];
  managementPort: number | undefined;
  probes: readonly Probe[];
  /** Undefined: it has no Down alert. */
  down: (DownAlert & { summary: string }) | undefined;
  entrance: LabBlock['entrance'];
  ready: string | undefined;
  /** Resident memory that it may have, MiB. */
  memoryBudgetMebibytes: number;
  /** True: a command runs it, and nothing keeps it up. */
  task: boolean;
  profiles: readonly string[];
  /** The variable that leaves it out with 0, such as KIBANA_REPLICAS. */
  replicas: string | undefined;
  dependsOn: readonly string[];
  /** Undefined: lite leaves it out, for the reason in `leftOut`. */
  lite: LiteStart | undefined;
  leftOut: string | undefined;
  compose: ComposeService;
}

export interface Manifest {
  parts: readonly Part[];
  ports: readonly PortOfPart[];
  part(name: string): Part;
}

/**
 * Reads the manifest of a checkout.
 * @throws ManifestError with one line for each unknown key, missing fact, unknown name or dependency circle.
 */
export function readManifest(root = ROOT): Manifest {
  const text = composeText(root);
  if (latest?.text !== text) latest = { text, manifest: manifestOf(parseCompose(text).services) };
  return latest.manifest;
}

/** Reading takes tens of milliseconds, and several ask at each start. */
let latest: { text: string; manifest: Manifest } | undefined;

/** Makes the manifest of services that were read already. @throws ManifestError as `readManifest`. */
export function manifestOf(services: Record<string, ComposeService>): Manifest {
  const complaints: string[] = [];
  const parts = Object.entries(services).flatMap(([name, service]) => {
    const at = `services.${name}.x-lab`;
    if (service['x-lab'] === undefined) {
      complaints.push(`${at}: expected a block that says what the lab has to know (compose/README.md)`);
      return [];
    }
    const read = labBlockSchema.safeParse(service['x-lab']);
    if (!read.success) complaints.push(...complaintsOf(read.error, at, service['x-lab']));
    complaints.push(...unusable(name, service));
    return read.success && complaints.length === 0 ? [partOf(name, service, read.data)] : [];
  });
  if (complaints.length > 0) throw new ManifestError(complaints);
  const ports = parts.flatMap(portsOf);
  complaints.push(...unknownNames(parts), ...circles(parts), ...repeated(parts, ports));
  if (complaints.length > 0) throw new ManifestError(complaints);
  return {
    parts,
    ports,
    part(name) {
      const found = parts.find((each) => each.name === name);
      if (!found) throw new ManifestError([`services.${name}: expected a service of this name, got nothing`]);
      return found;
    },
  };
}

const PUBLISHED = /^127\.0\.0\.1:\$\{([A-Z][A-Z0-9_]*_PORT):-(\d+)\}:(\d+)$/;

/** Complains of what Compose would take and the lab cannot use. */
function unusable(name: string, { mem_limit, ports = [] }: ComposeService): string[] {
  const limit = isMebibytes(mem_limit)
    ? []
    : [
        `services.${name}.mem_limit: expected a limit such as 64m, got ${JSON.stringify(mem_limit) ?? 'nothing'}`,
      ];
  const form = 'a port on loopback that .env can change, such as 127.0.0.1:${SHOP_PORT:-9500}:9500';
  const others = ports.filter((each) => !PUBLISHED.test(each));
  return [...limit, ...others.map((each) => `services.${name}.ports: expected ${form}, got ${each}`)];
}

function partOf(name: string, compose: ComposeService, block: LabBlock): Part {
  const { job, management_port: managementPort, lite, application } = block;
  const ready =
    block.ready ?? (application && managementPort ? `http://${name}:${managementPort}/readyz` : undefined);
  const dependsOn = Object.keys(compose.depends_on ?? {});
  const scrapes = job && managementPort ? [{ job, port: managementPort }] : [];
  const more = Object.entries(block.more_jobs).map(([other, port]) => ({ job: other, port }));
  const down = block.down === false || scrapes.length === 0 ? undefined : block.down;
  const probes = Object.entries(block.probes).map(([probe, look]) => ({ name: probe, ...look }));
  const readiness = application && ready ? [{ name: `${name}-ready`, module: 'http_ok', target: ready }] : [];
  return {
    name,
    title: block.title,
    service: block.service_name ?? name,
    application,
    faults: block.faults,
    scrapes: [...scrapes, ...more],
    managementPort,
    probes: [...probes, ...readiness],
    down: down && { ...down, summary: down.summary ?? `${block.title} is down` },
    entrance: block.entrance,
    ready,
    memoryBudgetMebibytes: block.memory_budget ?? mebibytes(compose.mem_limit) + block.memory_overhead,
    task: compose.restart === 'no',
    profiles: compose.profiles ?? [],
    replicas: /^\$\{([A-Z_]+)/.exec(compose.deploy?.replicas ?? '')?.[1],
    dependsOn,
    lite: 'left_out' in lite ? undefined : { ...lite, after: lite.after ?? dependsOn },
    leftOut: 'left_out' in lite ? lite.left_out : undefined,
    compose,
  };
}

function portsOf({ name, title, compose, lite }: Part): PortOfPart[] {
  const block = labBlockSchema.parse(compose['x-lab']);
  const port = (inside: string, [, variable = '', fallback = '']: readonly string[], usual: string) => ({
    part: name,
    inside: Number(inside),
    variable,
    default: Number(fallback),
    purpose: block.ports[inside] ?? usual,
  });
  const published = (compose.ports ?? []).map((text) => {
    const found = PUBLISHED.exec(text) ?? [];
    return { ...port(found[3] ?? '', found, title), published: true };
  });
  const opened = Object.entries(lite?.ports ?? {}).map(([inside, text]) => {
    const found = /\$\{([A-Z0-9_]+):-(\d+)\}/.exec(text) ?? [];
    return { ...port(inside, found, `metrics and health of ${name}`), published: false };
  });
  return [...published, ...opened];
}

function unknownNames(parts: readonly Part[]): string[] {
  const names = parts.map(({ name }) => name);
  const started = parts.filter(({ lite }) => lite).map(({ name }) => name);
  return parts.flatMap(({ name, dependsOn, lite }) => [
    ...dependsOn
      .filter((other) => !names.includes(other))
      .map((other) => `services.${name}.depends_on: expected a service of this file, got ${other}`),
    ...(['after', 'leaves'] as const).flatMap((key) =>
      (lite?.[key] ?? [])
        .filter((other) => !started.includes(other) && !(key === 'after' && dependsOn.includes(other)))
        .map(
          (other) => `services.${name}.x-lab.lite.${key}: expected a service that lite starts, got ${other}`,
        ),
    ),
  ]);
}

function circles(parts: readonly Part[]): string[] {
  const follow = (needs: (part: Part) => readonly string[], key: string): string[] => {
    const done = new Set<string>();
    const found: string[] = [];
    const visit = (name: string, path: readonly string[]): void => {
      if (path.includes(name)) {
        const circle = [...path.slice(path.indexOf(name)), name];
        found.push(`services.${name}.${key}: expected no circle, got ${circle.join(' → ')}`);
      } else if (!done.has(name)) {
        const part = parts.find((each) => each.name === name);
        for (const next of part ? needs(part) : []) visit(next, [...path, name]);
        done.add(name);
      }
    };
    for (const { name } of parts) visit(name, []);
    return found;
  };
  return [
    ...follow(({ dependsOn }) => dependsOn, 'depends_on'),
    ...follow(({ lite }) => lite?.after ?? [], 'x-lab.lite.after'),
  ];
}

/** A job, a variable and a default port belong to one part each. */
function repeated(parts: readonly Part[], ports: readonly PortOfPart[]): string[] {
  const jobs = parts.flatMap(({ name, scrapes }) =>
    scrapes.map(({ job }) => ({ key: job, at: `services.${name}.x-lab.job` })),
  );
  const variables = ports.map(({ part, variable, published }) => ({
    key: variable,
    at: `services.${part}.${published ? 'ports' : 'x-lab.lite.ports'}`,
  }));
  const numbers = ports.map(({ part, default: number, published }) => ({
    key: String(number),
    at: `services.${part}.${published ? 'ports' : 'x-lab.lite.ports'}`,
  }));
  const again = (uses: { key: string; at: string }[], what: string) =>
    uses
      .filter(({ key }, index) => uses.findIndex((each) => each.key === key) !== index)
      .map(({ key, at }) => `${at}: expected ${what} of its own, got ${key} once more`);
  return [...again(jobs, 'a job'), ...again(variables, 'a variable'), ...again(numbers, 'a default port')];
}
