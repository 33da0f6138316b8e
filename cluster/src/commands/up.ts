/** `cluster up`: a small real cluster where none is. */
import { type Command, formatDuration, takeLock } from '@lab/cli/program';
import { requireOwn, startCluster } from '../cluster.ts';
import { CONTEXT, layoutOf } from '../layout.ts';

export const up: Command = {
  name: 'up',
  summary: 'a small real Kubernetes cluster on this machine; starts what of it does not run',
  async run({ paths, output, signal }) {
    const layout = layoutOf(paths);
    const since = performance.now();
    await requireOwn(layout);
    await using _lock = await takeLock(layout.run, 'cluster up');
    await startCluster(layout, { progress: output.progress, signal });
    output.result(`the cluster is up after ${formatDuration(performance.now() - since)}, context ${CONTEXT}`);
    output.result(`  export KUBECONFIG=${layout.kubeconfig}`);
    output.result(`  ${layout.kubectl} get pods --all-namespaces`);
  },
};
