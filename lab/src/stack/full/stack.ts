/** The full driver: containers by Docker Compose, as compose.yaml describes them. */
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, readManifest } from '@lab/manifest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CannotRun, describeError } from '../../cli/failure.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { ensureSlackFiles, ensureSlackFilesForContainers } from '../../settings/slack-webhooks.ts';
import { elasticsearchLogs } from '../../signals/elasticsearch.ts';
import { jaegerTraces } from '../../signals/jaeger.ts';
import { localAddresses } from '../addresses.ts';
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
import { untilAllReady } from '../until-ready.ts';
import { ComposeCommand, requireEngine } from './compose-command.ts';
import { checkDrafts, configurationFolder, draftConfiguration } from './configuration.ts';
import { type Container, readContainers, readMemory } from './containers.ts';
import { pullMissing, requirePulls } from './images.ts';
import { imageLaunch } from './k6-image.ts';
import { manage } from './management.ts';

const BUILD_TIMEOUT_MS = 20 * 60_000;
const START_TIMEOUT_MS = 16 * 60_000;
const STOP_TIMEOUT_MS = 3 * 60_000;
/** Elasticsearch and then Kibana, cold, on two busy cores. */
const READY_DEADLINE_MS = 15 * 60_000;
/**
 * The engine takes a container that is being stopped for a running one: to start it does nothing, and it goes down. This is the
 * longest stop_grace_period in compose.yaml, and what the engine needs on top.
 */
const STOP_TAKES_MS = 35_000;

const composed = z.object({
  services: z.record(
    z.string(),
    z.object({ deploy: z.object({ replicas: z.number().optional() }).optional() }),
  ),
});

export class FullStack implements Stack {
  readonly traits: Traits;
  readonly parts: readonly string[];
  readonly addresses: Addresses;
  readonly signals: Stack['signals'];
  readonly #paths: LabPaths;
  readonly #settings: Settings;
  readonly #command: ComposeCommand;
  readonly #manifest: Manifest;

  private constructor(
    paths: LabPaths,
    settings: Settings,
    command: ComposeCommand,
    parts: readonly string[],
  ) {
    this.#paths = paths;
    this.#settings = settings;
    this.#command = command;
    this.#manifest = readManifest(paths.root);
    this.parts = parts;
    this.addresses = localAddresses(this.#manifest, settings, parts);
    const { kibana: kibanaUrl, grafana: grafanaUrl } = this.addresses;
    // Those that a test leaves out still have their addresses.
    const { elasticsearch, jaeger } = localAddresses(this.#manifest, settings, ['elasticsearch', 'jaeger']);
    this.signals = {
      logs: elasticsearchLogs({ url: elasticsearch ?? '', kibanaUrl, grafanaUrl }),
      traces: jaegerTraces(jaeger ?? ''),
    };
    this.traits = {
      mode: 'full',
      viewers: {
        dashboards: 'grafana',
        logs: parts.includes('kibana') ? 'kibana' : 'grafana',
        traces: 'jaeger',
        alerts: 'alertmanager',
      },
      lateStopMs: STOP_TAKES_MS,
      logFolder: undefined,
      prometheusFolder: undefined,
      k6: imageLaunch(paths),
    };
  }

  /**
   * @param without parts that are neither pulled nor started: those whose images cannot be had where this is tested.
   * @throws CannotRun where no engine answers or Compose is too old.
   */
  static async open(
    paths: LabPaths,
    settings: Settings,
    without: readonly string[] = [],
  ): Promise<FullStack> {
    await requireEngine();
    const command = new ComposeCommand(paths, composeVariables(paths, settings));
    const { services } = composed.parse(parse((await command.compose(['config'])).stdout));
    const kept = keptParts(services, readManifest(paths.root));
    const parts = kept.filter((name) => !without.includes(name));
    return new FullStack(paths, settings, command, parts);
  }

  /** Returns why this machine cannot take full mode; undefined where it can. Pulls one small image to find out. */
  static async obstacle(paths: LabPaths, settings: Settings): Promise<string | undefined> {
    try {
      await requireEngine();
      await requirePulls(new ComposeCommand(paths, composeVariables(paths, settings)));
      return undefined;
    } catch (error) {
      return error instanceof CannotRun ? error.message : describeError(error);
    }
  }

  async start(options: StartOptions): Promise<{ changed: boolean }> {
    const { progress, signal } = options;
    await pullMissing(this.#command, this.parts, { progress, signal });
    await this.#build(progress, signal);
    await ensureSlackFiles(this.#paths.secrets, this.#settings);
    await ensureSlackFilesForContainers(this.#paths.secrets, this.#settings);
    const before = await this.#containers();
    await this.#configure();
    for (const { name, state } of before) if (state === 'paused') await this.act(name, 'resume');
    const starting = this.#command
      .compose(['up', '--detach', '--no-build', '--remove-orphans', ...this.parts], {
        timeoutMs: START_TIMEOUT_MS,
        signal,
      })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    const watchUntil = new AbortController();
    const watching = untilAllReady(
      {
        read: async () => (await this.#containers()).filter(({ name }) => this.parts.includes(name)),
        isComplete: (_, told) => this.parts.every((part) => told.has(part)),
        lastLogLines: (part, count) => this.#lastLogLines(part, count),
        cureOf: (part) => `\`docker compose logs ${part.name}\`; ${cureOf(part)}`,
        deadlineMs: READY_DEADLINE_MS,
        everyMs: 500,
      },
      { progress, signal: AbortSignal.any([signal, watchUntil.signal]) },
    );
    // Whichever sees a failure first: what Compose says of a taken port, or a part that does not get ready.
    watching.catch(() => undefined);
    try {
      const refused = await Promise.race([starting, watching.then(() => undefined)]);
      if (refused !== undefined) throw await this.#explain(refused, watching);
      await watching;
    } finally {
      // A watch for what will never start would keep the program running.
      watchUntil.abort();
    }
    const after = await this.#containers();
    return { changed: JSON.stringify(started(before)) !== JSON.stringify(started(after)) };
  }

  async stop(progress: (line: string) => void, { remove = false }: { remove?: boolean } = {}): Promise<void> {
    for (const { name, state } of await this.#containers())
      if (state === 'paused') await this.act(name, 'resume');
    progress(remove ? 'removing containers, networks and volumes' : 'stopping the containers');
    const volumes = remove ? ['--volumes'] : [];
    await this.#command.compose(['down', '--remove-orphans', ...volumes], { timeoutMs: STOP_TIMEOUT_MS });
    if (!remove) return;
    for (const folder of [join(this.#paths.lab, 'full'), this.#paths.run, this.#paths.reports])
      await rm(folder, { recursive: true, force: true });
  }

  async status({ memory: wanted = true }: { memory?: boolean } = {}): Promise<PartReport[]> {
    const containers = await this.#containers();
    const running = containers.filter(({ state }) => state !== 'stopped' && state !== 'waiting');
    const ids = wanted ? running.map(({ id }) => id) : [];
    const memory = await readMemory(this.#command, ids);
    return containers.map(({ id, outOfMemory: _, ...part }) => ({
      ...part,
      memoryBytes: memory.get(id),
      url: this.addresses[part.name],
    }));
  }

  async #lastLogLines(part: string, count: number): Promise<string[]> {
    const { stdout, stderr } = await this.#command.compose([
      'logs',
      '--no-color',
      '--no-log-prefix',
      '--tail',
      String(count),
      part,
    ]);
    return `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '');
  }

  async act(part: string, action: PartAction): Promise<void> {
    if (!this.parts.includes(part))
      throw new CannotRun(`${part} is no part of the lab: expected one of ${this.parts.join(', ')}`);
    if (action === 'kill') return this.#kill(part);
    if (action !== 'resume') await this.#command.compose([action, part]);
    // A part that is not frozen cannot be resumed: Compose would call that a failure.
    else if ((await this.#containersOf(part)).some(({ state }) => state === 'paused'))
      await this.#command.compose(['unpause', part]);
  }

  /**
   * Kills the program inside, so that the container ends by itself and the engine starts it again: the engine takes its own
   * `docker kill` for a wish and restarts nothing. An image without a shell is killed that way and started by us.
   */
  async #kill(part: string): Promise<void> {
    const [before] = await this.#containersOf(part);
    // Every process of the container's user but this shell; the init process then ends with it.
    await this.#command.compose(['exec', '-T', part, 'sh', '-c', 'kill -9 -1']).catch(() => undefined);
    const [after] = await this.#containersOf(part);
    if (after?.since !== before?.since || after?.state !== before?.state) return;
    await this.#command.compose(['kill', '--signal', 'SIGKILL', part]);
    await this.#command.compose(['start', part]);
  }

  async loadConfiguration({ spoiled, ...sources }: LoadConfigurationOptions = {}): Promise<void> {
    if (spoiled) return this.#spoilConfiguration();
    await ensureSlackFilesForContainers(this.#paths.secrets, this.#settings);
    await this.#configure(sources, true);
  }

  /** A part of another's program is asked from inside the api's container, which is in the same networks. */
  async management(part: string, path: string, init: ManagementRequest = {}): Promise<ManagementAnswer> {
    const { application, managementPort } = this.#manifest.part(part);
    const [container, host] = application ? [part, '127.0.0.1'] : ['api', part];
    const token = application ? this.#settings.secrets.FAULTS_TOKEN : undefined;
    const url = `http://${host}:${managementPort}${path}`;
    return manage(this.#command, container, { url, ...managementInit(init, token) });
  }

  async #spoilConfiguration(): Promise<void> {
    for (const part of ['prometheus', 'alertmanager'] as const) {
      const file = join(configurationFolder(this.#paths, part), `${part}.yml`);
      await appendFile(file, '\nspoiled: [by an experiment\n');
      await this.#command.compose(['kill', '--signal', 'SIGHUP', part]);
    }
  }

  #containers(): Promise<Container[]> {
    return readContainers(this.#command);
  }

  async #containersOf(part: string): Promise<Container[]> {
    return (await this.#containers()).filter(({ name }) => name === part);
  }

  async #build(progress: (line: string) => void, signal: AbortSignal): Promise<void> {
    progress('building our own images (the first time takes minutes)');
    try {
      await this.#command.compose(['build', ...this.parts], { timeoutMs: BUILD_TIMEOUT_MS, signal });
    } catch (cause) {
      signal.throwIfAborted();
      throw new CannotRun(`an image of ours cannot be built: ${describeError(cause)}`, { cause });
    }
  }

  /** Checked where the tools run, then put in place; they read it again where it changed or `always`. */
  async #configure(sources: ConfigurationSources = {}, always = false): Promise<void> {
    const draft = await draftConfiguration(this.#paths, this.#settings, this.parts, sources);
    const running = (await this.#containers())
      .filter(({ state }) => state === 'ready')
      .map(({ name }) => name);
    await checkDrafts(this.#command, running);
    const since = Date.now() / 1000;
    await draft.use();
    if (!draft.differs && !always) return;
    for (const part of ['prometheus', 'alertmanager'] as const) {
      if (!running.includes(part)) continue;
      await this.#command.compose(['kill', '--signal', 'SIGHUP', part]);
      await untilReloaded(part, this.addresses[part], since);
    }
  }

  /** What Compose complains of is often a part that the watch can name; give that a moment to be seen. */
  async #explain(refused: unknown, watching: Promise<void>): Promise<unknown> {
    const words = describeError(refused);
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(words) ?? [];
    if (/address already in use|port is already allocated/.test(words))
      return new CannotRun(
        `port ${port ?? ''} is taken: \`make doctor\` says by whom; ports can be changed in .env`,
      );
    const seen = await Promise.race([
      watching.then(
        () => undefined,
        (error: unknown) => error,
      ),
      new Promise<undefined>((resolve) => setTimeout(resolve, 5_000, undefined)),
    ]);
    return seen ?? new CannotRun(words, { cause: refused });
  }
}

/** Returns the names of the parts that `up` starts: what a profile has for a command to run, such as k6, is none of them. */
export function keptParts(services: z.infer<typeof composed>['services'], { parts }: Manifest): string[] {
  const commands = parts.filter(({ task, profiles }) => task && profiles.length > 0);
  return Object.entries(services)
    .filter(([name, { deploy }]) => deploy?.replicas !== 0 && !commands.some((part) => part.name === name))
    .map(([name]) => name);
}

/** What `up` started, by part and time: another list is another start. */
function started(containers: readonly Container[]): string[] {
  return containers.map(({ id, name, since, state }) => `${name} ${id} ${since} ${state}`);
}

function cureOf({ name, outOfMemory, detail = '' }: Container): string {
  if (outOfMemory) return `raise mem_limit of ${name} in compose.yaml`;
  if (/password authentication failed/.test(detail))
    return 'the database has the passwords of another .env: put that back, or `make clean`';
  return '`make doctor` looks for the usual causes';
}

function composeVariables(paths: LabPaths, settings: Settings): Record<string, string> {
  return {
    PROMETHEUS_CONFIG_DIR: configurationFolder(paths, 'prometheus'),
    ALERTMANAGER_CONFIG_DIR: configurationFolder(paths, 'alertmanager'),
    ALERTMANAGER_SECRETS_DIR: join(paths.secrets, 'alertmanager'),
    ...(settings.logsUi === 'grafana' ? { KIBANA_REPLICAS: '0', KIBANA_URL: '' } : {}),
  };
}
