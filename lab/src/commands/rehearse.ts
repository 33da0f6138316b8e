/** `lab rehearse`: plays the rules as they stand in the work tree against recorded incidents, and says what an edit changes. */
import { existsSync, watch } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command, CommandContext } from '../cli/command.ts';
import { CannotRun, isExpected, PromiseBroken } from '../cli/failure.ts';
import { RECORDINGS } from '../recordings/keep-recordings.ts';
import { recordingFolder, recordingNames } from '../recordings/recording.ts';
import { ensurePrometheusProgram } from '../rehearsal/prometheus-program.ts';
import { rehearse as play, readSources } from '../rehearsal/rehearse.ts';
import {
  brokenTextLines,
  changeLines,
  recordingTable,
  summaryLine,
  unreadLines,
} from '../rehearsal/report/lines.ts';
import { rehearsalPage } from '../rehearsal/report/page.ts';
import type { PrometheusProgram } from '../rehearsal/scratch-prometheus.ts';

export const rehearse: Command = {
  name: 'rehearse',
  summary:
    'play the rules as they are edited against recorded incidents: what would fire, and which promises break',
  options: {
    recording: { kind: 'value', summary: 'one by its name, or several separated by commas' },
    rule: { kind: 'value', summary: 'play this alert only' },
    everything: { kind: 'flag', summary: 'every alert, also those that the edit does not touch' },
    rules: { kind: 'value', summary: 'a folder of rules to play in place of prometheus/rules' },
    run: {
      kind: 'value',
      summary:
        "the folder of a run's report: play what it recorded, and fail where an outcome is not the live one",
    },
    watch: { kind: 'flag', summary: 'again whenever a rule or the routing is saved' },
  },
  async run(context) {
    const { paths, output, signal, options } = context;
    const program = await ensurePrometheusProgram(paths, output.progress);
    if (options['watch'] !== true) return once(context, program);
    const folders = [join(paths.root, 'prometheus', 'rules'), join(paths.root, 'alertmanager')];
    for (;;) {
      const saved = nextSave(folders, signal);
      await once(context, program).catch((error: unknown) => {
        if (!isExpected(error) || signal.aborted) throw error;
        output.progress(error.message);
      });
      output.progress(`waiting for a change below ${folders.join(' and ')}; Ctrl-C ends it`);
      await saved;
      signal.throwIfAborted();
    }
  },
};

/** An editor writes a file in several steps. */
const SETTLED_MS = 200;

async function nextSave(folders: readonly string[], signal: AbortSignal): Promise<void> {
  const changed = Promise.withResolvers<void>();
  const watchers = folders.map((folder) => watch(folder, { recursive: true }, () => changed.resolve()));
  const abort = () => changed.resolve();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await changed.promise;
    if (!signal.aborted) await pause(SETTLED_MS);
  } finally {
    signal.removeEventListener('abort', abort);
    for (const watcher of watchers) watcher.close();
  }
}

async function once(
  { paths, output, options, signal }: CommandContext,
  program: PrometheusProgram,
): Promise<void> {
  const { run } = options;
  const folder = typeof run === 'string' ? join(run, RECORDINGS) : recordingFolder(paths.root);
  const rehearsal = await play({
    sources: await readSources(paths.root, rulesFolder(options['rules'])),
    folder,
    names: await chosenRecordings(folder, options['recording']),
    rule: typeof options['rule'] === 'string' ? options['rule'] : undefined,
    everything: options['everything'] === true,
    program,
    signal,
  });
  for (const line of recordingTable(rehearsal)) output.result(line);
  const changes = [...changeLines(rehearsal), ...unreadLines(rehearsal), ...brokenTextLines(rehearsal)];
  if (changes.length > 0) output.result('');
  for (const line of changes) output.result(line);
  output.result('');
  output.result(summaryLine(rehearsal));
  const page = join(paths.reports, 'rehearsal', 'report.html');
  await mkdir(dirname(page), { recursive: true });
  await writeFile(page, rehearsalPage(rehearsal, Date.now()));
  output.result(`picture: ${page}`);
  const broken = rehearsal.recordings.flatMap(({ judged }) =>
    judged.broken.map((line) => `${judged.recording}: ${line}`),
  );
  // The run has judged its promises itself.
  const differing = typeof run === 'string' ? changeLines(rehearsal) : broken;
  if (differing.length > 0) throw new PromiseBroken(differing.join('\n'));
}

function rulesFolder(folder: string | true | undefined): string | undefined {
  if (typeof folder !== 'string') return undefined;
  if (existsSync(folder)) return folder;
  throw new CannotRun(`--rules: there is no folder ${folder}`);
}

async function chosenRecordings(folder: string, wanted: string | true | undefined): Promise<string[]> {
  const names = await recordingNames(folder);
  if (names.length === 0)
    throw new CannotRun(
      `there is no recording in ${folder}: \`make record\` cuts one, \`make recordings\` takes those of a run`,
    );
  if (typeof wanted !== 'string') return names;
  const chosen = wanted.split(',');
  for (const name of chosen)
    if (!names.includes(name)) throw new CannotRun(`RECORDING=${name}: expected one of ${names.join(', ')}`);
  return chosen;
}
