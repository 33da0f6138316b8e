/** The programs that lite mode needs and npm does not carry: names, tested versions, where to have them from. */

/** `[major, minor]`. */
export type Version = readonly [number, number];

export interface Tool {
  name: string;
  /** Names of its executables, upstream's first, then Debian's. The first group is the program itself. */
  executables: readonly (readonly string[])[];
  debianPackage: string;
  /** Versions that the configuration and the rules are written for: from, up to but without. */
  tested: { from: Version; below: Version };
  /** Without an optional one the lab starts, and says what is missing. */
  optional: boolean;
}

/**
 * Each range begins with what Debian 12 carries, in which the tests run (2.42, 0.25, 0.11, 0.23), and goes on to what full
 * mode's images are; configuration and rules use nothing that the versions between them changed.
 */
export const TOOLS = {
  prometheus: {
    name: 'prometheus',
    executables: [['prometheus'], ['promtool']],
    debianPackage: 'prometheus',
    tested: { from: [2, 42], below: [4, 0] },
    optional: false,
  },
  alertmanager: {
    name: 'alertmanager',
    executables: [['alertmanager', 'prometheus-alertmanager'], ['amtool']],
    debianPackage: 'prometheus-alertmanager',
    tested: { from: [0, 25], below: [1, 0] },
    optional: false,
  },
  'postgres-exporter': {
    name: 'postgres-exporter',
    executables: [['postgres_exporter', 'prometheus-postgres-exporter']],
    debianPackage: 'prometheus-postgres-exporter',
    tested: { from: [0, 11], below: [1, 0] },
    optional: true,
  },
  'blackbox-exporter': {
    name: 'blackbox-exporter',
    executables: [['blackbox_exporter', 'prometheus-blackbox-exporter']],
    debianPackage: 'prometheus-blackbox-exporter',
    tested: { from: [0, 23], below: [1, 0] },
    optional: true,
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS) as ToolName[];

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

/** Arguments that a tool's version asks for. */
export function versionArguments(name: ToolName, [, minor]: Version): string[] {
  if (name !== 'postgres-exporter') return [];
  // Postgres 17 moved columns that the collectors of before 0.16 still ask for.
  return [minor < 16 ? '--no-collector.bgwriter' : '--no-collector.stat_bgwriter'];
}

/** Version in what `--version` of Prometheus's family prints: `NAME, version 2.42.0+ds (branch: …`. */
export function parseVersion(output: string): Version | undefined {
  const [, major, minor] = /\bversion v?(\d+)\.(\d+)\./.exec(output) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

export function isTested(tool: Tool, version: Version): boolean {
  const { from, below } = tool.tested;
  return compare(version, from) >= 0 && compare(version, below) < 0;
}

export function describeTested({ tested: { from, below } }: Tool): string {
  return `${from.join('.')} or newer, before ${below.join('.')}`;
}

function compare(left: Version, right: Version): number {
  return left[0] - right[0] || left[1] - right[1];
}
