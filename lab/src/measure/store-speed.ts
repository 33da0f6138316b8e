/** How fast the console's store takes in and finds, measured by its own benchmark in a process of its own. */
import { join } from 'node:path';
import { z } from 'zod';
import { runCommand } from '../process/run-command.ts';

/** What README tells; the benchmark says more (services/console/bench/store.ts). */
const figures = z.object({
  ingest_logs_per_second: z.number(),
  ingest_spans_per_second: z.number(),
  search_ms_p50_at_1m: z.number(),
  histogram_ms_p50_at_1m: z.number(),
});

/** Lines and spans a second on one core; milliseconds at the median over 1,000,000 lines. */
export async function storeSpeed(root: string, signal: AbortSignal): Promise<z.infer<typeof figures>> {
  const program = join(root, 'services', 'console', 'bench', 'store.ts');
  const { stdout } = await runCommand(process.execPath, [program], { timeoutMs: 600_000, signal });
  return figures.parse(JSON.parse(stdout));
}
