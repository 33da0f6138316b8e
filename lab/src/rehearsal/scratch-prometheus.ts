/** A Prometheus of our own for a moment: on a port that nobody knows, in a folder that goes with it, scraping nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CannotRun } from '../cli/failure.ts';
import { getJson } from '../get-json.ts';
import { until } from '../wait.ts';

export interface PrometheusProgram {
  command: string;
  promtool: string;
  /** Where Debian's unpacked one must be started; undefined: anywhere. */
  cwd: string | undefined;
}

export interface ScratchOptions {
  program: PrometheusProgram;
  /** Gets the configuration and, below `data`, the samples; is made where it is not there. */
  folder: string;
  signal: AbortSignal;
}

const READY_MS = 30_000;
/** Longer than any recording: samples of any age are taken, in any order of their series, and nothing is compacted meanwhile. */
const BLOCK = '20y';
const LAST_LINES = 5;

export class ScratchPrometheus implements AsyncDisposable {
  readonly url: string;
  readonly dataFolder: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string, dataFolder: string) {
    this.#process = process;
    this.url = url;
    this.dataFolder = dataFolder;
  }

  /** @throws CannotRun with Prometheus's last words where it does not start. */
  static async start({ program, folder, signal }: ScratchOptions): Promise<ScratchPrometheus> {
    const dataFolder = join(folder, 'data');
    await mkdir(dataFolder, { recursive: true });
    const configuration = join(folder, 'prometheus.yml');
    // JSON is YAML, too. What is written beside a block that is there already is older than the block's end.
    const storage = { tsdb: { out_of_order_time_window: BLOCK } };
    await writeFile(configuration, JSON.stringify({ storage }));
    const child = spawn(
      program.command,
      [
        `--config.file=${configuration}`,
        `--storage.tsdb.path=${dataFolder}`,
        '--storage.tsdb.retention.time=100y',
        `--storage.tsdb.min-block-duration=${BLOCK}`,
        `--storage.tsdb.max-block-duration=${BLOCK}`,
        '--web.listen-address=127.0.0.1:0',
        '--web.enable-admin-api',
        '--web.enable-remote-write-receiver',
        '--query.max-samples=200000000',
      ],
      {
        ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
        // It lives for a second: there is no use in collecting garbage often.
        env: { ...process.env, GOGC: '400' },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    try {
      const url = `http://${await addressOf(child, signal)}`;
      const prometheus = new ScratchPrometheus(child, url, dataFolder);
      await until(
        'the scratch Prometheus to be ready',
        async (bounded) => (await fetch(`${url}/-/ready`, { signal: bounded })).ok,
        { deadlineMs: READY_MS, everyMs: 10, signal },
      );
      return prometheus;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Hides samples of the series that match, without a trace for queries. Unix milliseconds, both included. */
  async deleteSeries(selector: string, { from, to }: { from: number; to: number }): Promise<void> {
    const parameters = new URLSearchParams({
      'match[]': selector,
      start: String(from / 1000),
      end: String(to / 1000),
    });
    const response = await fetch(`${this.url}/api/v1/admin/tsdb/delete_series?${parameters}`, {
      method: 'POST',
    });
    if (!response.ok) throw new Error(`${selector} could not be hidden: ${await response.text()}`);
  }

  /** Writes everything that it holds as blocks. @returns the folder that they lie in. */
  async snapshot(signal: AbortSignal): Promise<string> {
    const answer = (await getJson(`${this.url}/api/v1/admin/tsdb/snapshot`, signal, { method: 'POST' })) as {
      data: { name: string };
    };
    return join(this.dataFolder, 'snapshots', answer.data.name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    // Nothing in its folder is wanted any more: there is no reason to wait until it has tidied up.
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** Reads the address that the system gave it from what it says as it starts. */
async function addressOf(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const { stderr } = child;
  if (!stderr) throw new Error('expected a pipe from Prometheus');
  const lines: string[] = [];
  const found = Promise.withResolvers<string>();
  createInterface({ input: stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > LAST_LINES) lines.shift();
    const address = /msg="Listening on".* address=(127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address) found.resolve(address);
  });
  const fail = (why: string) => () => found.reject(new CannotRun([why, ...lines].join('\n')));
  child.once('error', (cause) => found.reject(new CannotRun(`Prometheus cannot be started`, { cause })));
  child.once('exit', fail('Prometheus ended before it was ready'));
  const late = setTimeout(fail('Prometheus did not listen in time'), READY_MS);
  const abort = () => found.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await found.promise;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', abort);
  }
}
