/** Has promtool read the rules first: what Prometheus would not load is not played. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun, describeError } from '../cli/failure.ts';
import { runCommand } from '../process/run-command.ts';
import type { PrometheusProgram } from './scratch-prometheus.ts';

/** @throws CannotRun with promtool's words. */
export async function checkRules(
  rules: ReadonlyMap<string, string>,
  { promtool }: PrometheusProgram,
  signal: AbortSignal,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-rules-'));
  try {
    for (const [name, text] of rules) await writeFile(join(folder, name), text);
    await runCommand(promtool, ['check', 'rules', ...rules.keys()], { cwd: folder, signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new CannotRun(`Prometheus would refuse these rules: ${describeError(cause)}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
