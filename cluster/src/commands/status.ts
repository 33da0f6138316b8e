/** `cluster status`: whether the cluster runs. */
import { type Command, formatMebibytes, PromiseBroken } from '@lab/cli/program';
import { kubectl } from '../kubectl.ts';
import { layoutOf } from '../layout.ts';
import { findNode } from '../node/find-node.ts';
import { nodeMemory } from '../node/memory.ts';
import { readRecord } from '../record.ts';

export const status: Command = {
  name: 'status',
  summary: 'whether the cluster runs, its node and its pods',
  async run({ paths, output, signal }) {
    const layout = layoutOf(paths);
    if (!(await readRecord(layout)))
      throw new PromiseBroken('there is no cluster of this lab: `make cluster` makes one');
    const asked = [
      ['get', 'nodes', '--output=wide'],
      ['get', 'pods', '--all-namespaces'],
    ];
    for (const args of asked) {
      const { stdout } = await kubectl(layout, args, { signal, timeoutMs: 15_000 }).catch(
        (cause: unknown) => {
          throw new PromiseBroken(
            'the cluster does not answer: `make cluster` starts what of it does not run',
            { cause },
          );
        },
      );
      output.result(stdout);
    }
    const node = findNode(layout.name);
    if (node) output.result(`memory without pods: ${formatMebibytes(nodeMemory(node))}`);
  },
};
