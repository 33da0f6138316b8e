import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, patiently } from '@lab/testing';
import type { Promtool } from '../../src/history/build-blocks.ts';
import type { PrometheusPart } from '../../src/history/install.ts';
import { labPaths } from '../../src/settings/paths.ts';
import { ensureTools } from '../../src/tools/ensure-tools.ts';

/** Labels and value of each answer. */
type Answer = { labels: Record<string, string>; value: number }[];

/** A real Prometheus on its own folder and port, which scrapes itself; without rules, so that it records nothing of its own. */
export class OwnPrometheus implements PrometheusPart, AsyncDisposable {
  readonly dataFolder: string;
  readonly url: string;
  readonly promtool: Promtool;
  starts = 0;
  readonly #program: string;
  readonly #folder: string;
  readonly #flags: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(
    folder: string,
    port: number,
    [program, promtool]: [string, string],
    root: string | undefined,
    flags: readonly string[],
  ) {
    this.#folder = folder;
    this.#flags = flags;
    this.dataFolder = join(folder, 'data');
    this.url = `http://127.0.0.1:${port}`;
    this.#program = program;
    this.promtool = { command: promtool, cwd: root };
  }

  static async start(folder: string, flags: readonly string[] = []): Promise<OwnPrometheus> {
    const tools = await ensureTools({ toolsFolder: labPaths().tools, progress: () => undefined });
    const [program, promtool] = tools.prometheus?.executables ?? [];
    if (program === undefined || promtool === undefined) throw new Error('expected a Prometheus');
    const prometheus = new OwnPrometheus(
      folder,
      await freePort(),
      [program, promtool],
      tools.prometheus?.root,
      flags,
    );
    const target = { job_name: 'prometheus', static_configs: [{ targets: [new URL(prometheus.url).host] }] };
    await mkdir(prometheus.dataFolder, { recursive: true });
    await writeFile(
      join(folder, 'prometheus.yml'),
      // JSON is YAML, too.
      JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [target] }),
    );
    await prometheus.start();
    return prometheus;
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null;
  }

  async start(): Promise<void> {
    this.starts += 1;
    this.#process = spawn(
      this.#program,
      [
        `--config.file=${join(this.#folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${this.dataFolder}`,
        '--storage.tsdb.retention.time=31d',
        `--web.listen-address=${new URL(this.url).host}`,
        ...this.#flags,
      ],
      { cwd: this.promtool.cwd, stdio: 'ignore' },
    );
    await patiently('Prometheus to be ready', async () => (await fetch(`${this.url}/-/ready`)).ok);
  }

  async stop(): Promise<void> {
    if (!this.#process || !this.isRunning) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** @param time Unix milliseconds; without it now. */
  async query(expression: string, time?: number): Promise<Answer> {
    const body = new URLSearchParams({
      query: expression,
      ...(time === undefined ? {} : { time: String(time / 1000) }),
    });
    const response = await fetch(`${this.url}/api/v1/query`, { method: 'POST', body });
    const answer = (await response.json()) as {
      error?: string;
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (!response.ok) throw new Error(`${expression}: ${answer.error}`);
    return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }
}
