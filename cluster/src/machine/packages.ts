/** Programs that come with the system: which are missing, and the Debian packages that bring them. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CannotRun, describeError, runCommand } from '@lab/cli/program';

const INSTALL_TIMEOUT_MS = 10 * 60_000;

interface SystemProgram {
  /** A name on PATH, or a path. */
  program: string;
  package: string;
  what: string;
}

export const SYSTEM_PROGRAMS: readonly SystemProgram[] = [
  { program: 'containerd', package: 'containerd', what: 'runs the containers of pods' },
  { program: 'ctr', package: 'containerd', what: 'imports images' },
  { program: 'runc', package: 'runc', what: 'starts a container' },
  { program: '/usr/lib/cni/ptp', package: 'containernetworking-plugins', what: 'gives a pod its network' },
  { program: 'iptables', package: 'iptables', what: 'leads services to their pods' },
  { program: 'ipset', package: 'ipset', what: 'holds the addresses that network policies name' },
  { program: 'conntrack', package: 'conntrack', what: 'ends connections to pods that are gone' },
  { program: 'ip', package: 'iproute2', what: 'links this machine and the node' },
  { program: 'sysctl', package: 'procps', what: 'lets the node forward packets' },
  { program: 'unshare', package: 'util-linux', what: 'gives the node namespaces of its own' },
  { program: 'nsenter', package: 'util-linux', what: 'enters the namespaces of the node' },
  { program: 'openssl', package: 'openssl', what: 'issues certificates' },
];

/** @param path folders in which programs lie; the default adds those that only root's PATH has. */
export function missingPrograms(
  path = `${process.env['PATH']}${delimiter}/usr/sbin${delimiter}/sbin`,
): SystemProgram[] {
  return SYSTEM_PROGRAMS.filter(({ program }) =>
    program.startsWith('/')
      ? !isExecutable(program)
      : !path.split(delimiter).some((folder) => isExecutable(join(folder, program))),
  );
}

/** @throws CannotRun naming the packages where they cannot be installed here. */
export async function ensureSystemPrograms(progress: (line: string) => void): Promise<void> {
  const missing = missingPrograms();
  const packages = [...new Set(missing.map((each) => each.package))];
  if (packages.length === 0) return;
  const named = missing.map(({ program, what }) => `${program} (${what})`).join(', ');
  if (!existsSync('/usr/bin/apt-get'))
    throw new CannotRun(
      `missing on this machine: ${named}. Install them; Debian's packages are ${packages.join(' ')}`,
    );
  for (const each of packages) {
    progress(`installing Debian's package ${each}`);
    await install(each);
  }
}

async function install(name: string): Promise<void> {
  const apt = (...args: string[]) =>
    runCommand('apt-get', args, {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: INSTALL_TIMEOUT_MS,
    });
  const attempt = () => apt('install', '--yes', '--quiet', '--no-install-recommends', name);
  try {
    // A list of packages that is out of date names files that are gone: it is renewed, once.
    await attempt().catch(async () => {
      await apt('update', '--quiet');
      await attempt();
    });
  } catch (cause) {
    throw new CannotRun(`package ${name} cannot be installed: ${describeError(cause)}`, { cause });
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run: both are no.
    return false;
  }
}
