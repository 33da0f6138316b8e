/** The lite driver: local processes watched by a detached supervisor; the console stands in for the viewers. */
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, readManifest } from '@lab/manifest';
import { CannotRun } from '../../cli/failure.ts';
import { cureOf, problemOf, takenPorts } from '../../ports/taken-ports.ts';
import { endProcess } from '../../process/end-process.ts';
import { proportionalMemory } from '../../process/memory.ts';
import { isRunning, withDescendants } from '../../process/process-table.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { ensureSlackFiles } from '../../settings/slack-webhooks.ts';
import { consoleLogs, consoleTraces } from '../../signals/console-store.ts';
import { SupervisorClient } from '../../supervisor/control-client.ts';
import { endLeftovers, markedProcesses, recordedLeftovers } from '../../supervisor/leftovers.ts';
import { lastLines, outputFile } from '../../supervisor/output-file.ts';
import type { PartStatus } from '../../supervisor/part.ts';
import { TOOL_NAMES } from '../../tools/catalogue.ts';
import { ensureTools, type FoundTools, findAll } from '../../tools/ensure-tools.ts';
import { until } from '../../wait.ts';
import { localAddresses, localPort } from '../addresses.ts';
import { managementInit } from '../management.ts';
import { untilReloaded } from '../reloaded.ts';
import type {
  Addresses,
  ConfigurationSources,
  LoadConfigurationOptions,
  ManagementAnswer,
  ManagementRequest,
  PartAction,
  PartReport,
  Stack,
  StartOptions,
  Traits,
} from '../stack.ts';
import { startSupervisor } from '../start-supervisor.ts';
import { untilAllReady } from '../until-ready.ts';
import { checkDrafts, renderConfiguration } from './configuration.ts';
import { buildInterfaces } from './interface-build.ts';
import { configurationOf, litePartNames, liteParts, litePorts } from './parts.ts';
import { removePostgresData } from './postgres-part.ts';

const READY_DEADLINE_MS = 90_000;
/** The longest stop of a part, twice, because dependent parts stop one after the other. */
const STOP_DEADLINE_MS = 60_000;

export class LiteStack implements Stack {
  readonly traits: Traits;
  readonly addresses: Addresses;
  readonly signals: Stack['signals'];
  readonly #paths: LabPaths;
  readonly #settings: Settings;
  readonly #manifest: Manifest;
  #tools: FoundTools;
  /** What runs, where something does, whichever tools this process finds: an exporter is scraped whoever reloads. */
  #running: string[] | undefined;

  private constructor(paths: LabPaths, settings: Settings, tools: FoundTools, running?: string[]) {
    this.#paths = paths;
    this.#settings = settings;
    this.#tools = tools;
    this.#running = running;
    this.#manifest = readManifest(paths.root);
    const started = this.#manifest.parts.filter(({ lite }) => lite).map(({ name }) => name);
    this.addresses = localAddresses(this.#manifest, settings, started);
    const { console: consoleUrl } = this.addresses;
    this.signals = {
      logs: consoleLogs(consoleUrl, paths.applicationLogs),
      traces: consoleTraces(consoleUrl),
    };
    this.traits = {
      mode: 'lite',
      viewers: { dashboards: 'console', logs: 'console', traces: 'console', alerts: 'console' },
      // The supervisor remembers a start that comes while it stops a part.
      lateStopMs: 0,
      logFolder: paths.applicationLogs,
      prometheusFolder: join(paths.data, 'prometheus'),
      k6: undefined,
    };
  }

  static async open(paths: LabPaths, settings: Settings): Promise<LiteStack> {
    const { found } = await findAll({ toolsFolder: paths.tools });
    const client = await SupervisorClient.connect(paths.run);
    const running = client && (await client.status()).parts.map(({ name }) => name);
    return new LiteStack(paths, settings, found, running);
  }

  get parts(): string[] {
    const [paths, settings, tools] = [this.#paths, this.#settings, this.#tools];
    return this.#running ?? litePartNames({ paths, settings, tools });
  }

  async start({ progress, signal }: StartOptions): Promise<{ changed: boolean }> {
    const paths = this.#paths;
    const settings = this.#settings;
    const [tools] = await Promise.all([
      this.#missesTools() ? ensureTools({ toolsFolder: paths.tools, progress }) : this.#tools,
      buildInterfaces({ root: paths.root, progress, signal }),
      ensureSlackFiles(paths.secrets, settings),
    ]);
    this.#tools = tools;
    this.#running = undefined;
    // What compose.yaml or this machine lacks is told before anything is started.
    liteParts({ paths, settings, tools });
    const configured = await this.#renderChecked();
    if (configured) await this.#reload();
    signal.throwIfAborted();
    let client = await SupervisorClient.connect(paths.run);
    if (client && (await client.status()).configuration !== configurationOf({ paths, settings, tools })) {
      progress('settings or tools changed since the last start: starting again with them');
      await this.stop(progress);
      client = undefined;
    }
    const found = client !== undefined;
    if (!client) {
      await this.#refuseTakenPorts();
      client = await startSupervisor(paths, join(import.meta.dirname, 'supervisor-main.ts'), signal);
    }
    const waited = await this.#untilReady(client, { progress, signal });
    return { changed: configured || waited || !found };
  }

  async stop(progress: (line: string) => void, { remove = false }: { remove?: boolean } = {}): Promise<void> {
    const { run, id } = this.#paths;
    const client = await SupervisorClient.connect(run);
    if (client) {
      const gone = () => !isRunning(client.identity);
      try {
        await client.shutdown();
        await until('the supervisor to end', gone, { deadlineMs: STOP_DEADLINE_MS });
      } catch (error) {
        progress(`the supervisor does not stop by itself (${String(error)}): ending it by force`);
        await endProcess(client.identity, { signal: 'SIGKILL', deadlineMs: 5_000 });
      }
    }
    const ended = await endLeftovers(run, id);
    if (ended.length > 0) progress(`ended what a crash had left: ${ended.join(', ')}`);
    if (remove) await this.#remove();
  }

  async #remove(): Promise<void> {
    const { data, logs, run, cache, prometheus, alertmanager, reports, root, lab } = this.#paths;
    await removePostgresData(this.#paths);
    for (const folder of [data, logs, run, cache, prometheus, alertmanager, reports])
      await rm(folder, { recursive: true, force: true });
    // A second lab of this checkout (LAB_STATE_DIR) leaves what it shares with the first.
    const pages = lab === join(root, '.lab') ? ['web', 'console'] : [];
    for (const name of pages)
      await rm(join(root, 'services', name, 'dist'), { recursive: true, force: true });
  }

  async status({ memory = true }: { memory?: boolean } = {}): Promise<PartReport[]> {
    const client = await SupervisorClient.connect(this.#paths.run);
    if (!client) return [];
    const { parts, supervisor } = await client.status();
    const reports = parts.map((part) => this.#report(part, memory));
    const watcher: PartReport = {
      name: 'supervisor',
      state: 'ready',
      since: undefined,
      restarts: 0,
      memoryBytes: memory ? ownMemory(supervisor.pid, parts) : undefined,
      url: undefined,
      detail: undefined,
    };
    return [...reports, watcher];
  }

  async #lastLogLines(part: string, count: number): Promise<string[]> {
    const own = await lastLines(outputFile(this.#paths.logs, part), count);
    const described = this.#manifest.parts.find(({ name }) => name === part);
    if (!described?.application || own.length >= count) return own;
    // A service that got as far as its own log tells there what went wrong.
    const file = join(this.#paths.applicationLogs, `${described.service}.log`);
    const application = await lastLines(file, count);
    return [...application.slice(own.length - count), ...own];
  }

  async loadConfiguration({ spoiled, ...sources }: LoadConfigurationOptions = {}): Promise<void> {
    if (spoiled) return this.#spoilConfiguration();
    await this.#renderChecked(sources);
    await this.#reload();
  }

  async management(part: string, path: string, init: ManagementRequest = {}): Promise<ManagementAnswer> {
    const { application, managementPort } = this.#manifest.part(part);
    const port = localPort(this.#manifest, this.#settings, part, managementPort);
    const token = application ? this.#settings.secrets.FAULTS_TOKEN : undefined;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...managementInit(init, token),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, body: await response.text() };
  }

  async #spoilConfiguration(): Promise<void> {
    const client = await SupervisorClient.connect(this.#paths.run);
    if (!client) throw new CannotRun('the lab is not up: run `make up` first');
    for (const part of ['prometheus', 'alertmanager'] as const) {
      await appendFile(join(this.#paths[part], `${part}.yml`), '\nspoiled: [by an experiment\n');
      await client.act(part, 'reload');
    }
  }

  #missesTools(): boolean {
    return TOOL_NAMES.some((name) => this.#tools[name] === undefined);
  }

  /** Puts checked configuration in place. @returns whether it differs from what was there. */
  async #renderChecked(sources: ConfigurationSources = {}): Promise<boolean> {
    const [paths, settings, parts] = [this.#paths, this.#settings, this.parts];
    const draft = await renderConfiguration({ paths, settings, parts, sources });
    // What is in use was checked when it came there.
    if (draft.differs) await checkDrafts(paths, this.#tools);
    await draft.use();
    return draft.differs;
  }

  /** Has the running parts read their configuration again, and waits until they did. */
  async #reload(): Promise<void> {
    const client = await SupervisorClient.connect(this.#paths.run);
    if (!client) return;
    const running = (await client.status()).parts
      .filter(({ state }) => state === 'ready')
      .map(({ name }) => name);
    const since = Date.now() / 1000;
    for (const part of ['prometheus', 'alertmanager', 'blackbox-exporter'])
      if (running.includes(part)) await client.act(part, 'reload');
    for (const part of ['prometheus', 'alertmanager'] as const)
      if (running.includes(part)) await untilReloaded(part, this.addresses[part], since);
  }

  async act(part: string, action: PartAction): Promise<void> {
    if (!this.parts.includes(part))
      throw new CannotRun(`${part} is no part of the lab: expected one of ${this.parts.join(', ')}`);
    const client = await SupervisorClient.connect(this.#paths.run);
    if (!client) throw new CannotRun('the lab is not up: run `make up` first');
    await client.act(part, action);
  }

  async #refuseTakenPorts(): Promise<void> {
    const { run, id } = this.#paths;
    const ours = [...(await recordedLeftovers(run)), ...markedProcesses(id)];
    const family = new Set(ours.flatMap((each) => withDescendants(each.pid).map(({ pid }) => pid)));
    const ports = litePorts({ paths: this.#paths, settings: this.#settings, tools: this.#tools });
    const taken = (await takenPorts(ports)).filter(({ pid }) => pid === undefined || !family.has(pid));
    if (taken.length > 0)
      throw new CannotRun(taken.map((port) => `${problemOf(port)}: ${cureOf(port)}`).join('\n'));
  }

  /**
   * Waits for every part, wakes those that were stopped or paused, and says which one fails.
   * @returns whether any was not ready at first.
   */
  async #untilReady(client: SupervisorClient, options: StartOptions): Promise<boolean> {
    const before = new Map((await client.status()).parts.map((part) => [part.name, part]));
    for (const part of before.values()) {
      if (part.paused) await client.act(part.name, 'resume');
      if (part.state === 'stopped') await client.act(part.name, 'start');
    }
    const ready = [...before.values()].filter(({ state, paused }) => state === 'ready' && !paused);
    await untilAllReady(
      {
        read: async () =>
          (await client.status()).parts.map((part) => ({
            ...this.#report(part, false),
            restarts: part.restarts - (before.get(part.name)?.restarts ?? 0),
          })),
        isComplete: (parts) => parts.every(({ state }) => state === 'ready'),
        before: ready.map(({ name }) => name),
        lastLogLines: (part, count) => this.#lastLogLines(part, count),
        cureOf: ({ name }) =>
          `${outputFile(this.#paths.logs, name)}; \`make doctor\` looks for the usual causes`,
        deadlineMs: READY_DEADLINE_MS,
      },
      options,
    );
    return ready.length < before.size;
  }

  #report(part: PartStatus, memory: boolean): PartReport {
    return {
      name: part.name,
      state: part.paused ? 'paused' : part.state,
      since: part.since,
      restarts: part.restarts,
      memoryBytes: memory && part.pid !== undefined ? proportionalMemory(part.pid) : undefined,
      url: this.#urlOf(part.name),
      detail: part.state === 'ready' ? undefined : (part.notReady ?? part.lastEnd),
    };
  }

  /** Parts that publish no port have one in lite alone: for their metrics, as a rule. */
  #urlOf(part: string): string | undefined {
    const port = this.#manifest.ports.find((each) => each.part === part);
    if (!port || this.addresses[part] !== undefined) return this.addresses[part];
    const place = `127.0.0.1:${localPort(this.#manifest, this.#settings, part, port.inside)}`;
    const { scrapes } = this.#manifest.part(part);
    return scrapes.some((scrape) => scrape.port === port.inside) ? `http://${place}/metrics` : place;
  }
}

/** The parts are the supervisor's children and counted for themselves. */
function ownMemory(supervisor: number, parts: readonly PartStatus[]): number | undefined {
  const whole = proportionalMemory(supervisor);
  if (whole === undefined) return undefined;
  const below = new Set(withDescendants(supervisor).map(({ pid }) => pid));
  const children = parts.filter(({ pid }) => pid !== undefined && below.has(pid));
  return children.reduce((rest, { pid }) => rest - (proportionalMemory(pid ?? 0) ?? 0), whole);
}
