/** The proofs alone: `node cluster/proof/run.ts`. Exit status 1 where one does not hold. */
import { describeError } from '@lab/cli/program';
import { clusterProofs } from './index.ts';

const counts: Record<string, number> = {};
for (const { title, run } of clusterProofs(counts)) {
  const failure = await run().then(
    () => undefined,
    (error: unknown) => error,
  );
  console.log(`${failure === undefined ? '✓' : '✗'} ${title}`);
  if (failure === undefined) continue;
  console.log(describeError(failure));
  process.exitCode = 1;
}
console.log(JSON.stringify(counts));
