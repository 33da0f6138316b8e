/** The kubernetes driver: the overlay of kubernetes/ in a cluster that kubectl reaches. */

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { clusterKubeconfig, clusterKubectl, importImages } from '@lab/cluster';
import { type Manifest, readManifest, withDefaults } from '@lab/manifest';
import { CannotRun, describeError } from '../../cli/failure.ts';
import { cureOf as cureOfPort, problemOf, takenPorts } from '../../ports/taken-ports.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { numberedPorts, portsOfMode } from '../../settings/variables.ts';
import { elasticsearchLogs } from '../../signals/elasticsearch.ts';
import { jaegerTraces } from '../../signals/jaeger.ts';
import { SupervisorClient } from '../../supervisor/control-client.ts';
import { until } from '../../wait.ts';
import { localAddresses } from '../addresses.ts';
import { CONFIGURED, type Configured } from '../configuration.ts';
import { managementInit } from '../management.ts';
import { untilReloaded } from '../reloaded.ts';
import {
  type Addresses,
  type Cluster,
  isUp,
  type LoadConfigurationOptions,
  type ManagementAnswer,
  type ManagementRequest,
  type PartAction,
  type PartReport,
  type Stack,
  type StartOptions,
  type Traits,
} from '../stack.ts';
import { untilAllReady } from '../until-ready.ts';
import { commandOf, deletionOf, type PodSignal, signalling } from './actions.ts';
import { requireAnswer, requireUsable } from './checks.ts';
import { clusterOf } from './cluster-objects.ts';
import {
  changedConfigMaps,
  checkConfiguration,
  executionIn,
  mountedAt,
  readerOf,
  reloadPod,
  withConfiguration,
} from './configuration.ts';
import {
  type Context,
  findContext,
  isThere,
  type Places,
  requireConsent,
  terminalQuestion,
} from './context.ts';
import { endForwards, holdForwards } from './forward-supervisor.ts';
import { forwardsOf } from './forwards.ts';
import { bringImages, buildOwn, imagesOfEngine, sourceOf, withImageIds } from './images.ts';
import { jobLaunch } from './k6-job.ts';
import { Kubectl, type KubectlCall } from './kubectl.ts';
import { combined, managePod } from './management.ts';
import { type Note, readNote, removeNote, writeNote } from './note.ts';
import {
  containerIdOf,
  describePart,
  FROZEN,
  isFrozen,
  keyOf,
  type Pod,
  readMemory,
  readStandings,
  type Standing,
} from './pods.ts';
import {
  canLeaveOut,
  type KubernetesObject,
  PART_OF,
  render,
  toYaml,
  type Workload,
  workloadsOf,
} from './rendered.ts';
import { secretObjects } from './secrets.ts';

/** Elasticsearch, cold, on two busy cores, with images that come from a registry. */
const READY_DEADLINE_MS = 15 * 60_000;
const STOP_TIMEOUT_MS = 5 * 60_000;
const APPLY_TIMEOUT_MS = 2 * 60_000;
/** The part of compose.yaml that `make load` runs; no overlay has it. */
const LOAD = 'k6';
/** Of each part's log, in a bundle. */
const BUNDLED_LINES = 500;
/** Whose changes server-side apply calls ours. */
const MANAGER = 'observability-lab';

interface Opened {
  paths: LabPaths;
  settings: Settings;
  manifest: Manifest;
  context: Context;
  objects: readonly KubernetesObject[];
  leftOut: readonly string[];
}

export class KubernetesStack implements Stack {
  readonly traits: Traits;
  readonly parts: readonly string[];
  readonly addresses: Addresses;
  readonly signals: Stack['signals'];
  readonly cluster: Cluster;
  readonly #opened: Opened;
  /** Reaches the cluster, for whoever asks what no part of the lab answers. */
  readonly kubectl: Kubectl;
  readonly #workloads: readonly Workload[];

  private constructor(opened: Opened) {
    const { paths, settings, manifest, context, objects } = opened;
    this.#opened = opened;
    this.kubectl = new Kubectl(context);
    this.#workloads = workloadsOf(objects, manifest);
    this.cluster = clusterOf(this.kubectl, this.#workloads);
    this.parts = this.#workloads.map(({ part }) => part);
    this.addresses = localAddresses(manifest, settings, this.parts);
    const { kibana: kibanaUrl, grafana: grafanaUrl, elasticsearch = '', jaeger = '' } = this.addresses;
    this.signals = {
      logs: elasticsearchLogs({ url: elasticsearch, kibanaUrl, grafanaUrl }),
      traces: jaegerTraces(jaeger),
    };
    this.traits = {
      mode: 'kubernetes',
      viewers: {
        dashboards: this.parts.includes('grafana') ? 'grafana' : 'console',
        logs: this.parts.includes('kibana') ? 'kibana' : 'grafana',
        traces: 'jaeger',
        alerts: 'alertmanager',
      },
      // The cluster knows how many pods are wanted, whatever it was doing when it was told.
      lateStopMs: 0,
      logFolder: undefined,
      prometheusFolder: undefined,
      k6: opened.leftOut.includes(LOAD) ? undefined : jobLaunch(paths, context),
    };
  }

  /** Asks no cluster. @throws CannotRun where there is no kubectl or context, or the lab is up in another one. */
  static async open(paths: LabPaths, settings: Settings): Promise<KubernetesStack> {
    const note = await readNote(paths);
    const manifest = readManifest(paths.root);
    const opened = { paths, settings, manifest };
    if (note && (await isThere(note.connection, places()))) {
      const { connection, server, leftOut } = note;
      const objects = await render(connection.kubectl, opened, leftOut);
      const present = new KubernetesStack({
        ...opened,
        context: { ...connection, server },
        objects,
        leftOut,
      });
      const { context: wanted = connection.context } = settings;
      if (wanted === connection.context) return present;
      if (await isUp(present))
        throw new CannotRun(
          `the lab is up in the context ${connection.context}: \`make down\` first, then \`make up MODE=kubernetes CONTEXT=${wanted}\``,
        );
    }
    // A cluster that is gone took everything along.
    await removeNote(paths);
    const context = await findContext(settings.context, places());
    const leftOut = await absentParts(context, opened);
    const objects = await render(context.kubectl, opened, leftOut);
    return new KubernetesStack({ ...opened, context, objects, leftOut });
  }

  async start(options: StartOptions): Promise<{ changed: boolean }> {
    const { progress, signal } = options;
    const { paths, settings, manifest, context, leftOut } = this.#opened;
    progress(`the cluster of context ${context.context} (${context.server})`);
    await requireConsent(context, { insisted: settings.context, ask: terminalQuestion(signal) });
    const objects = this.#configured();
    await requireUsable(this.kubectl, objects);
    await this.#refuseTakenPorts();
    if (sourceOf(context) !== 'registry') await buildOwn(paths, this.#builtHere(), options);
    const images = this.#workloads.flatMap((workload) => workload.images);
    if (!leftOut.includes(LOAD)) images.push(imageOf(manifest, LOAD));
    await bringImages(this.kubectl, images, importImages, options);
    if (leftOut.length > 0)
      progress(`left out, because their images cannot be had here: ${leftOut.join(', ')}`);
    // After the images were built: pods note which of them they run.
    const wanted = await withImageIds(objects, context);
    const note: Note = {
      connection: this.kubectl.connection,
      server: context.server,
      leftOut,
      forwards: forwardsOf(objects, manifest, settings),
    };
    await writeNote(paths, note);
    const before = await this.#standings();
    const changed = await changedConfigMaps(this.kubectl, objects);
    await this.#apply(wanted, signal);
    await this.#wake(before);
    await this.#untilReady(options);
    await holdForwards(paths, note, signal);
    const after = await this.#standings();
    // A pod that was there before has the former configuration in its program.
    await this.#reload(changed, after, (pod) => hasPod(before, pod));
    return { changed: changed.length > 0 || started(before) !== started(after) };
  }

  async stop(progress: (line: string) => void, { remove = false }: { remove?: boolean } = {}): Promise<void> {
    const { paths } = this.#opened;
    await endForwards(paths);
    // Whatever bears our names in a cluster in which nothing was started is not ours to end.
    if (await readNote(paths)) await (remove ? this.#remove(progress) : this.#end(progress));
    if (!remove) return;
    await removeNote(paths);
    for (const folder of [join(paths.lab, 'kubernetes'), paths.run, paths.reports, paths.logs])
      await rm(folder, { recursive: true, force: true });
  }

  async status({ memory: wanted = true }: { memory?: boolean } = {}): Promise<PartReport[]> {
    if (!(await readNote(this.#opened.paths))) return [];
    const standings = await this.#standings();
    const pods = [...standings.values()].flatMap((standing) => standing.pods);
    const memory = wanted ? await readMemory(this.kubectl, pods) : new Map<string, number>();
    return this.#workloads.flatMap((workload) => {
      const standing = standingOf(workload, standings);
      const report = describePart(workload, standing);
      if (!report) return [];
      const used = standing?.pods.flatMap(
        ({ metadata: { namespace, name } }) => memory.get(`${namespace}/${name}`) ?? [],
      );
      const memoryBytes = used?.length ? used.reduce((sum, bytes) => sum + bytes, 0) : undefined;
      return [{ ...report, memoryBytes, url: this.addresses[workload.part] }];
    });
  }

  async act(part: string, action: PartAction): Promise<void> {
    const workload = this.#workloadOf(part);
    if (action === 'start' || action === 'stop' || action === 'restart') {
      await this.kubectl.run(commandOf(workload, action));
      return;
    }
    const pods = (await this.#podsOf(workload)).filter((pod) => action !== 'resume' || isFrozen(pod));
    await Promise.all(pods.map((pod) => this.#signal(pod, part, action)));
  }

  async loadConfiguration(options: LoadConfigurationOptions = {}): Promise<void> {
    const objects = this.#configured(options);
    const standings = await this.#standings();
    const running = (pods: readonly Pod[]) => pods.filter(({ status }) => status.phase === 'Running');
    const pods = {
      prometheus: running(this.#podsIn(standings, 'prometheus')),
      alertmanager: running(this.#podsIn(standings, 'alertmanager')),
    };
    if (!options.spoiled) await checkConfiguration(this.kubectl, objects, pods);
    const read = objects.filter((object) => readerOf(object) !== undefined);
    await this.#apply(read);
    const secrets = await secretObjects(this.#opened.paths, this.#opened.settings);
    await this.kubectl.run(applying(), { input: toYaml(secrets) });
    await this.#reload(read, standings, () => true, options.spoiled);
  }

  /** Each pod of a part is asked; where there are several, the answer names them. */
  async management(part: string, path: string, init: ManagementRequest = {}): Promise<ManagementAnswer> {
    const { manifest, settings } = this.#opened;
    const { application, managementPort } = manifest.part(part);
    if (managementPort === undefined) throw new CannotRun(`${part} has no management port`);
    const token = application ? settings.secrets.FAULTS_TOKEN : undefined;
    const pods = await this.#podsOf(this.#workloadOf(part));
    const answers = await Promise.all(
      pods.map(async ({ metadata }) => ({
        pod: metadata.name,
        answer: await managePod(this.kubectl, metadata, managementPort, path, managementInit(init, token)),
      })),
    );
    return combined(answers);
  }

  /** Returns pods, events and the last lines of every part. */
  async evidence(): Promise<Record<string, string>> {
    const ask = (args: readonly string[]) =>
      this.kubectl.run(args).then(
        ({ stdout }) => stdout,
        (error: unknown) => describeError(error),
      );
    const everywhere = ['--all-namespaces', '--selector', PART_OF, '--output', 'wide'];
    const [objects, events, ...logs] = await Promise.all([
      ask(['get', 'pods,deployments,statefulsets,daemonsets,jobs,persistentvolumeclaims', ...everywhere]),
      ask(['get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp']),
      ...this.parts.map((part) => this.#lastLogLines(part, BUNDLED_LINES)),
    ]);
    return {
      'kubernetes/objects.txt': objects,
      'kubernetes/events.txt': events,
      ...Object.fromEntries(
        this.parts.map((part, index) => [`kubernetes/logs/${part}.log`, (logs[index] ?? []).join('\n')]),
      ),
    };
  }

  /** Returns what `start` would change in the cluster, as `kubectl diff` says it; empty where that is nothing. */
  async difference(): Promise<string> {
    const told = ['--server-side', '--force-conflicts', `--field-manager=${MANAGER}`];
    const input = toYaml(await withImageIds(this.#configured(), this.kubectl.connection));
    const { exitCode, stdout } = await this.kubectl.run(['diff', ...told, '--filename', '-'], {
      input,
      timeoutMs: APPLY_TIMEOUT_MS,
      // It says by 1 that there is a difference.
      expected: [0, 1],
    });
    return exitCode === 0 ? '' : stdout;
  }

  #configured(options?: LoadConfigurationOptions): KubernetesObject[] {
    const { objects, paths, settings } = this.#opened;
    return withConfiguration(objects, paths, settings, options);
  }

  /** Namespaces first, so that Secrets have a place and pods find them. */
  async #apply(objects: readonly KubernetesObject[], signal?: AbortSignal): Promise<void> {
    const { paths, settings } = this.#opened;
    const call = { timeoutMs: APPLY_TIMEOUT_MS, ...(signal ? { signal } : {}) };
    const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
    if (namespaces.length > 0) {
      await this.kubectl.run(applying(), { ...call, input: toYaml(namespaces) });
      const secrets = await secretObjects(paths, settings);
      await this.kubectl.run(applying(), { ...call, input: toYaml(secrets) });
    }
    const jobs = objects.filter(({ kind }) => kind === 'Job');
    await this.kubectl.run(applying(), {
      ...call,
      input: toYaml(objects.filter((each) => !jobs.includes(each))),
    });
    for (const job of jobs) await this.#applyJob(job, call);
  }

  /** A job cannot be changed: one of another form is replaced, which does its work again. */
  async #applyJob(job: KubernetesObject, call: KubectlCall): Promise<void> {
    const { name, namespace = 'default' } = job.metadata;
    const input = toYaml([job]);
    try {
      await this.kubectl.run(applying(), { ...call, input });
    } catch {
      // It is there in another form, or something else is wrong, which the second try then says.
      await this.kubectl.run(['delete', 'job', name, '--namespace', namespace, '--ignore-not-found'], call);
      await this.kubectl.run(applying(), { ...call, input });
    }
  }

  /** Parts that somebody froze are let go; those that were stopped have their number of pods again by the apply. */
  async #wake(before: ReadonlyMap<string, Standing>): Promise<void> {
    for (const workload of this.#workloads) {
      const standing = standingOf(workload, before);
      if (standing?.pods.some(isFrozen)) await this.act(workload.part, 'resume');
      if (standing && describePart(workload, standing)?.state === 'stopped')
        await this.act(workload.part, 'start');
    }
  }

  #untilReady(options: StartOptions): Promise<void> {
    return untilAllReady(
      {
        // A pod that ends while it waits for others is the cluster's usual way: what does not get ready in time is told at the end.
        read: async () => (await this.status({ memory: false })).map((part) => ({ ...part, restarts: 0 })),
        isComplete: (_, told) => this.parts.every((part) => told.has(part)),
        lastLogLines: (part, count) => this.#lastLogLines(part, count),
        cureOf: (part) => this.#cureOf(part.name, part.detail),
        deadlineMs: READY_DEADLINE_MS,
        everyMs: 500,
      },
      options,
    );
  }

  #cureOf(part: string, detail = ''): string {
    const { kind, name, namespace } = this.#workloadOf(part);
    const logs = `\`kubectl --context ${this.kubectl.connection.context} logs --namespace ${namespace} ${kind.toLowerCase()}/${name}\``;
    if (/^(ErrImage|ImagePull)/.test(detail))
      return `${logs}; push the image to a registry that the cluster reaches, and name it in kubernetes/overlays/local under \`images\``;
    return `${logs}; \`make doctor\` looks for the usual causes`;
  }

  async #lastLogLines(part: string, count: number): Promise<string[]> {
    const { kind, name, namespace } = this.#workloadOf(part);
    const target = `${kind.toLowerCase()}/${name}`;
    return this.kubectl
      .run(['logs', '--namespace', namespace, target, '--all-containers', `--tail=${count}`])
      .then(
        ({ stdout }) => stdout.split('\n').filter((line) => line !== ''),
        (error: unknown) => [describeError(error)],
      );
  }

  #workloadOf(part: string): Workload {
    const found = this.#workloads.find((each) => each.part === part);
    if (found) return found;
    throw new CannotRun(`${part} is no part of the lab: expected one of ${this.parts.join(', ')}`);
  }

  /** @throws CannotRun where the cluster does not answer. */
  async #standings(): Promise<Map<string, Standing>> {
    try {
      return await readStandings(this.kubectl);
    } catch (error) {
      await requireAnswer(this.kubectl);
      throw error;
    }
  }

  async #podsOf({ part }: Workload): Promise<readonly Pod[]> {
    return this.#podsIn(await this.#standings(), part);
  }

  #podsIn(standings: ReadonlyMap<string, Standing>, part: string): readonly Pod[] {
    return standingOf(this.#workloadOf(part), standings)?.pods ?? [];
  }

  /** Kills, freezes or wakes the programs of a pod. An image without a shell cannot be told so: its pod is taken away instead. */
  async #signal(pod: Pod, part: string, action: 'kill' | 'pause' | 'resume'): Promise<void> {
    const { name, namespace } = pod.metadata;
    const signal: PodSignal = ({ kill: 'KILL', pause: 'STOP', resume: 'CONT' } as const)[action];
    try {
      await this.kubectl.run([...executionIn(pod, part), ...signalling(signal)]);
    } catch (error) {
      if (action !== 'kill')
        throw new CannotRun(`${part} cannot be frozen or woken: its image has no shell`, { cause: error });
      // Killed with the programs of the container, the command has no end of its own: what counts is that they are gone.
      const [again] = (await this.#podsOf(this.#workloadOf(part))).filter(
        ({ metadata }) => metadata.uid === pod.metadata.uid,
      );
      if (again && containerIdOf(again) === containerIdOf(pod) && isRunning(again))
        await this.kubectl.run(deletionOf(namespace, [name]));
      return;
    }
    if (action === 'kill') return;
    const note = action === 'pause' ? `${FROZEN}=${containerIdOf(pod)}` : `${FROZEN}-`;
    await this.kubectl.run(['annotate', 'pod', name, '--namespace', namespace, '--overwrite', note]);
  }

  /** Has the pods of those parts read what changed, and waits until they did. */
  async #reload(
    changed: readonly KubernetesObject[],
    standings: ReadonlyMap<string, Standing>,
    concerns: (pod: Pod) => boolean,
    refused = false,
  ): Promise<void> {
    await Promise.all(
      CONFIGURED.map(async (part: Configured) => {
        const maps = changed.filter((object) => readerOf(object) === part);
        const pods = this.#podsIn(standings, part).filter((pod) => concerns(pod) && isRunning(pod));
        if (maps.length === 0 || pods.length === 0) return;
        const since = Date.now() / 1000;
        const folders = mountedAt(this.#objectOf(part), part);
        await Promise.all(pods.map((pod) => reloadPod(this.kubectl, pod, part, maps, folders)));
        if (!refused) await untilReloaded(part, this.addresses[part], since);
      }),
    );
  }

  #objectOf(part: string): KubernetesObject {
    const { kind, name, namespace } = this.#workloadOf(part);
    const found = this.#opened.objects.find(
      ({ kind: each, metadata }) =>
        each === kind && metadata.name === name && metadata.namespace === namespace,
    );
    if (!found) throw new Error(`expected ${kind} ${namespace}/${name} in the overlay`);
    return found;
  }

  #builtHere(): Workload[] {
    const { parts } = this.#opened.manifest;
    return this.#workloads.filter(({ part }) =>
      parts.some(({ name, compose }) => name === part && compose.build !== undefined),
    );
  }

  async #refuseTakenPorts(): Promise<void> {
    const { paths, settings, manifest } = this.#opened;
    if (await SupervisorClient.connect(paths.run)) return;
    const taken = await takenPorts(numberedPorts(portsOfMode('kubernetes', manifest), settings.ports));
    if (taken.length > 0)
      throw new CannotRun(taken.map((port) => `${problemOf(port)}: ${cureOfPort(port)}`).join('\n'));
  }

  /** Takes away what runs; claims, Secrets and configuration stay. */
  async #end(progress: (line: string) => void): Promise<void> {
    progress('ending the pods; the claims stay');
    const kinds = 'deployments,statefulsets,daemonsets,jobs,horizontalpodautoscalers';
    for (const namespace of this.#namespaces()) {
      const scope = ['--namespace', namespace, '--selector', PART_OF];
      await this.kubectl.run(['delete', kinds, ...scope, '--ignore-not-found', '--cascade=foreground'], {
        timeoutMs: STOP_TIMEOUT_MS,
      });
    }
    await until(
      'every pod to be gone',
      async () => {
        const { stdout } = await this.kubectl.run([
          'get',
          'pods',
          '--all-namespaces',
          '--selector',
          PART_OF,
          '--output',
          'name',
        ]);
        return stdout.trim() === '' ? true : undefined;
      },
      { deadlineMs: STOP_TIMEOUT_MS, everyMs: 500 },
    );
  }

  /** Takes away everything that bears the lab's label, namespaces and claims included. */
  async #remove(progress: (line: string) => void): Promise<void> {
    progress('removing namespaces, claims and rights');
    const kinds = [
      ...new Set(this.#opened.objects.filter(isOfCluster).map(({ kind }) => kind.toLowerCase())),
    ];
    const selected = ['--selector', PART_OF, '--ignore-not-found'];
    await this.kubectl.run(['delete', kinds.join(','), ...selected], { timeoutMs: STOP_TIMEOUT_MS });
  }

  #namespaces(): string[] {
    return [...new Set(this.#workloads.map(({ namespace }) => namespace))];
  }
}

/** Returns the command that applies what comes on its standard input; what others changed in our fields meanwhile is put right. */
function applying(): string[] {
  return ['apply', '--server-side', '--force-conflicts', `--field-manager=${MANAGER}`, '--filename', '-'];
}

function isOfCluster({ metadata: { namespace } }: KubernetesObject): boolean {
  return namespace === undefined;
}

function isRunning({ status }: Pod): boolean {
  return status.phase === 'Running';
}

function standingOf(
  { kind, namespace, name }: Workload,
  standings: ReadonlyMap<string, Standing>,
): Standing | undefined {
  return standings.get(keyOf(kind, namespace, name));
}

function hasPod(standings: ReadonlyMap<string, Standing>, pod: Pod): boolean {
  return [...standings.values()].some(({ pods }) =>
    pods.some(({ metadata }) => metadata.uid === pod.metadata.uid),
  );
}

/** What `up` started: another text is another start. */
function started(standings: ReadonlyMap<string, Standing>): string {
  const lines = [...standings.values()].flatMap(({ pods }) =>
    pods.map((pod) => `${pod.metadata.uid} ${containerIdOf(pod)}`),
  );
  return lines.sort().join('\n');
}

function places(): Places {
  const [kubeconfig, kubectl] = [clusterKubeconfig(), clusterKubectl()];
  return {
    kubectl: (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((folder) => join(folder, 'kubectl'))
      .find((file) => existsSync(file)),
    own: kubeconfig !== undefined && kubectl !== undefined ? { kubeconfig, kubectl } : undefined,
  };
}

/** Of the parts that the lab can go without, those whose images a local cluster cannot get. */
async function absentParts(
  context: Context,
  opened: Pick<Opened, 'paths' | 'settings' | 'manifest'>,
): Promise<string[]> {
  const optional = opened.manifest.parts.filter(({ name }) => canLeaveOut(opened.paths, name));
  const unwanted = opened.settings.logsUi === 'grafana' ? ['kibana'] : [];
  if (sourceOf(context) !== 'own') return unwanted;
  const objects = await render(context.kubectl, opened, []);
  const workloads = workloadsOf(objects, opened.manifest);
  const loadImage = imageOf(opened.manifest, LOAD);
  const here = await imagesOfEngine([loadImage, ...workloads.flatMap(({ images }) => images)]);
  if (here === undefined) return unwanted;
  const absent = optional
    .map(({ name }) => name)
    .filter(
      (part) =>
        unwanted.includes(part) ||
        workloads.some((each) => each.part === part && each.images.some((image) => !here.has(image))),
    );
  return here.has(loadImage) ? absent : [...absent, LOAD];
}

function imageOf(manifest: Manifest, part: string): string {
  return withDefaults(manifest.part(part).compose.image);
}
