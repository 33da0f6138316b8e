/** Checks of the machine itself: Node, memory, disk, architecture, kernel settings. */
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { arch, freemem, platform, totalmem } from 'node:os';
import { bad, type Finding, good, note } from './check.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Memory that lite takes under load, and that full mode's limits add up to. */
const LITE_BYTES = GIB;
const FULL_BYTES = 4 * GIB;
/** Data of weeks, in lite; full mode's images as well. */
const LITE_DISK_BYTES = 3 * GIB;
const FULL_DISK_BYTES = 15 * GIB;

export function checkNode(version = process.versions.node): Finding {
  const [major = 0] = version.split('.').map(Number);
  if (major >= 24) return good('node', `${version}, ${process.execPath}`);
  return bad('node', `${version}`, 'the lab runs on Node 24 from its own dependencies: start it with `make`');
}

/** @param readMemory bytes that programs can still have; the default asks the kernel. */
export function checkMemory(available = availableMemory()): Finding {
  const detail = `${gib(available)} available of ${gib(totalmem())}`;
  if (available < LITE_BYTES)
    return note('memory', detail, `lite takes up to ${gib(LITE_BYTES)}: end what you do not need`);
  if (available < FULL_BYTES)
    return note(
      'memory',
      `${detail}: enough for lite`,
      `full mode's limits add up to ${gib(FULL_BYTES)}; LOGS_UI=grafana takes a quarter less`,
    );
  return good('memory', detail);
}

export async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${gib(free)} free below ${folder}`;
  if (free < LITE_DISK_BYTES / 3)
    return bad(
      'disk',
      detail,
      `Postgres and Prometheus need ${gib(LITE_DISK_BYTES)}: make room, or \`make clean\``,
    );
  if (free < LITE_DISK_BYTES) return note('disk', detail, `weeks of data need ${gib(LITE_DISK_BYTES)}`);
  if (free < FULL_DISK_BYTES)
    return note(
      'disk',
      `${detail}: enough for lite`,
      `full mode's images and data need ${gib(FULL_DISK_BYTES)}`,
    );
  return good('disk', detail);
}

/** What npm carries a Postgres for. */
const POSTGRES_PLATFORMS = [
  'linux-x64',
  'linux-arm64',
  'linux-arm',
  'linux-ia32',
  'linux-ppc64',
  'darwin-x64',
  'darwin-arm64',
];

export function checkArchitecture(name = `${platform()}-${arch()}`): Finding {
  if (name === 'linux-x64' || name === 'linux-arm64') return good('architecture', name);
  if (POSTGRES_PLATFORMS.includes(name))
    return note(
      'architecture',
      name,
      'not tested here; Prometheus and Alertmanager have to be on PATH (`make tools` says how)',
    );
  return bad('architecture', name, 'npm carries no Postgres for it: use full mode on a machine with Docker');
}

const MAP_COUNT_FILE = '/proc/sys/vm/max_map_count';
/** Elasticsearch's own check; on a single node it only warns. */
const MAP_COUNT = 262_144;

export function checkMapCount(file = MAP_COUNT_FILE): Finding {
  if (!existsSync(file)) return good('vm.max_map_count', 'set inside the container engine on this system');
  const count = Number(readFileSync(file, 'utf8'));
  if (count >= MAP_COUNT) return good('vm.max_map_count', String(count));
  return note(
    'vm.max_map_count',
    String(count),
    `full mode's Elasticsearch warns: sudo sysctl -w vm.max_map_count=${MAP_COUNT}`,
  );
}

function availableMemory(): number {
  try {
    return (
      Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024 ||
      freemem()
    );
  } catch {
    // No /proc: what Node knows, which leaves out caches that could be given up.
    return freemem();
  }
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GB`;
}
