/** Links this machine and the node, and nothing else: only connections that this machine opens pass the link. */
import { existsSync } from 'node:fs';
import { type ProcessIdentity, runCommand } from '@lab/cli/program';
import { z } from 'zod';
import { type Link, SERVICE_RANGE } from '../network/addresses.ts';
import { runInNode } from './in-node.ts';

/** The node's end, by its name there. */
const UPLINK = 'uplink';

/** Commands in the node, in their order. */
export function nodeNetworkCommands({ host, node, prefixLength }: Link): string[][] {
  const ip = (...args: string[]) => ['ip', ...args];
  // Table mangle comes before the chains of kube-proxy and kube-router, which let through what they know.
  const drop = (...rule: string[]) => [
    'iptables',
    '--wait',
    '--table',
    'mangle',
    '--append',
    ...rule,
    '--jump',
    'DROP',
  ];
  return [
    ip('link', 'set', 'lo', 'up'),
    ip('address', 'replace', `${node}/${prefixLength}`, 'dev', UPLINK),
    ip('link', 'set', UPLINK, 'up'),
    // A service's address is replaced by a pod's after the route was chosen, so there has to be one.
    ip('route', 'replace', SERVICE_RANGE, 'dev', UPLINK),
    ['sysctl', '--quiet', '--write', 'net.ipv4.ip_forward=1'],
    // Who comes through this machine from elsewhere is not let in, and nothing in the node reaches this machine or beyond.
    drop('PREROUTING', '--in-interface', UPLINK, '!', '--source', host),
    drop('POSTROUTING', '--out-interface', UPLINK, '--match', 'conntrack', '--ctstate', 'NEW'),
  ];
}

/** Does nothing where the link is there: the kernel takes both its ends away with the node. */
export async function ensureLink(name: string, node: ProcessIdentity, link: Link): Promise<void> {
  const known = await runInNode(node, ['ip', 'route', 'show', SERVICE_RANGE]);
  if (known.stdout.trim() !== '') return;
  await removeLink(name);
  const ip = (...args: string[]) => runCommand('ip', args);
  await ip('link', 'add', name, 'type', 'veth', 'peer', 'name', UPLINK, 'netns', String(node.pid));
  await ip('address', 'replace', `${link.host}/${link.prefixLength}`, 'dev', name);
  await ip('link', 'set', name, 'up');
  for (const command of nodeNetworkCommands(link)) await runInNode(node, command);
}

export function hasLink(name: string): boolean {
  return existsSync(`/sys/class/net/${name}`);
}

/** Does nothing where it is gone. The kernel may take it away at the same time, when the node has just ended. */
export async function removeLink(name: string): Promise<void> {
  if (!hasLink(name)) return;
  try {
    await runCommand('ip', ['link', 'delete', name]);
  } catch (error) {
    if (hasLink(name)) throw error;
  }
}

/** Networks that this machine knows a way to. */
export async function knownNetworks(): Promise<string[]> {
  const { stdout } = await runCommand('ip', ['-json', '-4', 'route', 'show', 'table', 'all']);
  const routes = z.array(z.object({ dst: z.string() })).parse(JSON.parse(stdout || '[]'));
  return routes.map(({ dst }) => dst).filter((network) => /^\d/.test(network) && network !== '0.0.0.0/0');
}
