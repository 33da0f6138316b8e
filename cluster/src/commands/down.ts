/** `cluster down`: takes every trace of the cluster away. */
import { rm } from 'node:fs/promises';
import { type Command, takeLock } from '@lab/cli/program';
import { layoutOf } from '../layout.ts';
import { removeNode } from '../node/remove-node.ts';

export const down: Command = {
  name: 'down',
  summary: 'take the cluster away, every trace of it',
  async run({ paths, output }) {
    const layout = layoutOf(paths);
    await using _lock = await takeLock(layout.run, 'cluster down');
    const ended = await removeNode(layout.name);
    await rm(layout.folder, { recursive: true, force: true });
    output.result(ended ? 'the cluster is gone' : 'no cluster of this lab ran; what was left of one is gone');
  },
};
