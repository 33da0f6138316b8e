/** Who listens on a TCP port, from what the kernel shows: sockets in /proc/net/tcp, their holders in /proc/PID/fd. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface PortOwner {
  /** Undefined where the process belongs to another user. */
  pid: number | undefined;
  /** `nginx (pid 812)`, or what little can be said. */
  description: string;
}

interface Listener {
  inode: string;
  uid: string;
}

const LISTENING = '0A';

/** Who listens on the port on any address of this machine; undefined: nobody, or there is no /proc. */
export function portOwner(port: number): PortOwner | undefined {
  const [listener] = [...listeners('/proc/net/tcp', port), ...listeners('/proc/net/tcp6', port)];
  if (!listener) return undefined;
  const pid = holderOf(listener.inode);
  if (pid === undefined) return { pid, description: `a process of user ${userName(listener.uid)}` };
  return { pid, description: `${commandOf(pid)} (pid ${pid})` };
}

/** proc_pid_net_tcp: columns sl, local_address (hex address:port), rem_address, st, queues, timer, retransmits, uid, timeout, inode. */
function listeners(file: string, port: number): Listener[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readOrEmpty(file)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(wanted) && columns[3] === LISTENING)
    .map((columns) => ({ uid: columns[7] ?? '', inode: columns[9] ?? '' }));
}

function holderOf(inode: string): number | undefined {
  const link = `socket:[${inode}]`;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const descriptors = listOrEmpty(`/proc/${pid}/fd`);
    if (descriptors.some((name) => linkOrEmpty(`/proc/${pid}/fd/${name}`) === link)) return Number(pid);
  }
  return undefined;
}

function commandOf(pid: number): string {
  const line = readOrEmpty(`/proc/${pid}/cmdline`).split('\0').filter(Boolean).join(' ');
  const name = readOrEmpty(`/proc/${pid}/comm`).trim();
  return (line || name || 'a process').slice(0, 80);
}

function userName(uid: string): string {
  const line = readOrEmpty('/etc/passwd')
    .split('\n')
    .find((entry) => entry.split(':')[2] === uid);
  return line?.split(':')[0] ?? uid;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Gone, not ours to read, or no /proc: nothing known.
    return '';
  }
}

function listOrEmpty(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // As above.
    return [];
  }
}

function linkOrEmpty(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // As above.
    return '';
  }
}
