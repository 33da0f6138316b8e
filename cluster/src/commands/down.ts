/** `cluster down`: takes every trace of the cluster away. */
import { type Command, takeLock } from '@lab/cli/program';
import { removeCluster, requireOwn } from '../cluster.ts';
import { layoutOf } from '../layout.ts';

export const down: Command = {
  name: 'down',
  summary: 'take the cluster away, every trace of it',
  async run({ paths, output }) {
    const layout = layoutOf(paths);
    await requireOwn(layout);
    await using _lock = await takeLock(layout.run, 'cluster down');
    const ended = await removeCluster(layout);
    output.result(ended ? 'the cluster is gone' : 'no cluster of this lab ran; what was left of one is gone');
  },
};
