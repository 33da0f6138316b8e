/** `workshop measure`: lite mode's figures for README, measured on this machine and written to docs/figures/lite.json. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  accountForLines,
  CannotRun,
  type Command,
  type CommandContext,
  ensureEnvironmentFile,
  loadSettings,
  median,
  openRunningStack,
  PromiseBroken,
  runCommand,
  type Stack,
  signInAsLab,
} from '@lab/cli';
import { round, writeFigures } from '../figures/figures-file.ts';
import { freshUpSeconds } from '../measure/fresh-clone.ts';
import { repairEach } from '../measure/repair-time.ts';
import { SteadyLoad } from '../measure/steady-load.ts';
import { measureStore } from '../store-bench/store.ts';

/** The rate of `average` load until `make load` says it. */
const RATE = 50;
const WARM_STARTS = 3;
/** After which the processes have settled. */
const SETTLE_MS = 60_000;
const LOAD_MS = 60_000;
const STORE_MS = 600_000;

export const measure: Command = {
  name: 'measure',
  summary: 'measure start, memory, repair and loss in lite mode, and write docs/figures/lite.json',
  options: { fresh: { kind: 'flag', summary: 'also the first start in a fresh clone (downloads)' } },
  async run(context) {
    const { paths, output, environment, signal, options } = context;
    await ensureEnvironmentFile(paths.environmentFile);
    const settings = await loadSettings(paths, environment);
    const since = new Date().toISOString();
    output.progress('a console of its own: taking in and searching a million log lines');
    const figures = await storeFigures(context);
    if (options['fresh']) figures['up_seconds_fresh'] = round(await freshUpSeconds(paths.root), 1);
    figures['up_seconds_warm'] = round(median(await warmStarts(context)) ?? Number.NaN, 1);

    const stack = await openRunningStack(paths, settings);
    if (stack.traits.logFolder === undefined)
      throw new CannotRun('measure needs a lab whose log files it can read: run `make up MODE=lite` first');
    output.progress(`waiting ${SETTLE_MS / 1000} s for the lab to settle`);
    await pause(SETTLE_MS, undefined, { signal });
    figures['idle_pss_mb'] = await memoryMebibytes(stack);
    output.progress(`idle: ${figures['idle_pss_mb']} MB`);

    const cookie = await signInAsLab(stack.addresses.web, settings.secrets.SESSION_SECRET, signal);
    const load = new SteadyLoad({ webUrl: stack.addresses.web, cookie, rate: RATE });
    await pause(LOAD_MS, undefined, { signal });
    figures['load_pss_mb'] = await memoryMebibytes(stack);
    output.progress(
      `at ${RATE} requests a second: ${figures['load_pss_mb']} MB; now killing one part after the other`,
    );
    const repairs = await repairEach(stack, output.progress);
    figures['repair_seconds_max'] = round(Math.max(...repairs.map(({ seconds }) => seconds)), 2);
    const { answered, sent, failed, unanswered } = await load.stop();
    output.progress(
      `${sent} requests, ${answered.length} answered (${failed} with 5xx), ${unanswered} cut off by the kills`,
    );

    const logFolder = paths.applicationLogs;
    const webKill = repairs.find(({ part }) => part === 'web');
    const consoleUrl = stack.addresses.console;
    const lines = await accountForLines({
      logFolder,
      consoleUrl,
      answered,
      webKill,
      since,
      deadlineMs: 60_000,
    });
    output.progress(`lines: ${JSON.stringify(lines)}`);
    figures['lines_lost'] = lines.gaps + lines.answeredWithoutLine + lines.notStored;
    figures['lines_doubled'] = lines.storedTwice;
    const file = await writeFigures(paths.root, stack.traits.mode, {
      command: 'node workshop/src/main.ts measure',
      figures,
    });
    output.result(JSON.stringify(figures, null, 2));
    output.result(file);
    const broken = (figures['lines_lost'] ?? 0) + (figures['lines_doubled'] ?? 0);
    if (broken > 0) throw new PromiseBroken(`${broken} log lines were lost or doubled`);
  },
};

/** The figures of the store that README tells; `workshop bench-store` tells more. */
async function storeFigures({ output, signal }: CommandContext): Promise<Record<string, number>> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(STORE_MS)]);
  const all = await measureStore({ records: 1_000_000, spans: 300_000 }, output.progress, bounded);
  return {
    ingest_logs_per_second: all.ingest_logs_per_second,
    ingest_spans_per_second: all.ingest_spans_per_second,
    search_ms_p50_at_1m: all.search_ms_p50_at_1m,
    histogram_ms_p50_at_1m: all.histogram_ms_p50_at_1m,
  };
}

/** Seconds of `lab up`, each from a stopped lab whose tools, pages and data are there; the lab is up at the end. */
async function warmStarts({ paths, output }: CommandContext): Promise<number[]> {
  const lab = (name: string) =>
    runCommand(process.execPath, [join(paths.root, 'lab/src/main.ts'), name], { timeoutMs: 300_000 });
  const seconds: number[] = [];
  await lab('up');
  for (let index = 0; index < WARM_STARTS; index += 1) {
    await lab('down');
    const began = performance.now();
    await lab('up');
    seconds.push((performance.now() - began) / 1000);
    output.progress(`up in ${seconds.at(-1)?.toFixed(1)} s`);
  }
  return seconds;
}

async function memoryMebibytes(stack: Stack): Promise<number> {
  const parts = await stack.status();
  return Math.round(parts.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0) / 1024 / 1024);
}
