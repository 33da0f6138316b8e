/** Starts the node's first process in namespaces of its own. */
import { join } from 'node:path';
import { type ProcessIdentity, until, withAppendStream } from '@lab/cli/program';
import { execa } from 'execa';
import type { Layout } from '../layout.ts';
import { cacheFolder } from '../programs/catalogue.ts';
import { findNode, markOf } from './find-node.ts';

/** The script that the node's first process runs. */
export const FIRST_PROCESS = join(import.meta.dirname, 'init.sh');

const START_MS = 10_000;

/** Returns the running node, or starts it; what it does from then on is for the caller to see. */
export async function startNode({ node, name }: Layout): Promise<ProcessIdentity> {
  const running = findNode(name);
  if (running) return running;
  const namespaces = ['--mount', '--propagation=slave', '--net', '--pid', '--fork', '--mount-proc'];
  // Without the process that makes the namespaces the node ends, too: it waits for the node and does nothing else.
  const words = [
    ...namespaces,
    '--kill-child',
    '--',
    'bash',
    FIRST_PROCESS,
    node,
    cacheFolder(),
    markOf(name),
  ];
  await withAppendStream(join(node, 'var', 'log', 'node', 'init.log'), (stream) => {
    const detached = { detached: true, cleanup: false, buffer: false, reject: false } as const;
    execa('unshare', words, { ...detached, stdin: 'ignore', stdout: stream, stderr: stream });
  });
  return until('the node’s first process to run', () => findNode(name), { deadlineMs: START_MS });
}
