/**
 * The running lab as everything else knows it: chaos, load, screenshots and the commands use this interface and
 * never ask which driver stands behind it. What differs from one to another is in `traits`, `addresses` and `signals`.
 */
import type { Mode } from '../settings/mode.ts';
import type { LogStore } from '../signals/log-store.ts';
import type { TraceStore } from '../signals/trace-store.ts';

/** Names of parts, as compose.yaml has them. */
export type PartName = string;

export interface PartReport {
  name: PartName;
  /** `ready` serves; the others say where it is on the way, `failed` that it does not get there. */
  state: 'ready' | 'starting' | 'waiting' | 'back-off' | 'stopping' | 'stopped' | 'paused' | 'failed';
  /** ISO time of the last change of state; undefined where it is not known. */
  since: string | undefined;
  /** Starts after it ended by itself. */
  restarts: number;
  /** Proportional memory of all its processes, bytes; undefined where it cannot be read. */
  memoryBytes: number | undefined;
  url: string | undefined;
  /** The way in which it last ended, or the reason why it is not ready. */
  detail: string | undefined;
}

/** Base addresses that this machine reaches, by part; and `otlp`, OTLP over HTTP. */
export interface Addresses {
  web: string;
  console: string;
  api: string;
  prometheus: string;
  alertmanager: string;
  otlp: string;
  readonly [part: PartName]: string | undefined;
}

export interface ManagementRequest {
  /** Default: GET. */
  method?: string;
  body?: string;
}

export interface ManagementAnswer {
  status: number;
  body: string;
}

/** Other folders to load configuration from, for example copies with scaled durations. */
export interface ConfigurationSources {
  /** Holds prometheus.yml and rules/; default: the checkout's prometheus/. */
  prometheus?: string;
  /** Holds alertmanager.yml and templates/; default: the checkout's alertmanager/. */
  alertmanager?: string;
}

export interface LoadConfigurationOptions extends ConfigurationSources {
  /** Spoils what is in use, unchecked, and has it read: the programs refuse it, until the next call mends it. */
  spoiled?: boolean;
}

export interface StartOptions {
  /** A line for each part that became ready, and what else a person waiting wants to know. */
  progress(line: string): void;
  signal: AbortSignal;
}

/**
 * The ways to act on a part. Each returns when the part was told to, not when it is ready. `stop`: it stays stopped. `kill`:
 * kill -9, as a crash, so that whoever watches the part starts it again. `pause`: connections stay open, nothing answers.
 */
export type PartAction = 'start' | 'stop' | 'restart' | 'kill' | 'pause' | 'resume';

/** The parts in which a person sees each thing. */
export interface Viewers {
  dashboards: PartName;
  logs: PartName;
  traces: PartName;
  alerts: PartName;
}

/** A k6 that the driver brings: how it is run, and what it sees from where it runs. */
export interface K6Launch {
  version: string;
  /** True: it is taken even where this machine has a k6, because its requests go a better way. */
  takesPrecedence?: boolean;
  /** The program and what comes before k6's own arguments, given the variables that it must see. */
  command(variables: Readonly<Record<string, string>>): { file: string; args: string[]; cwd: string };
  /** The script's path, as k6 sees it. */
  script: string;
  /** Web's and Prometheus's addresses, as k6 sees them. */
  webUrl: string;
  prometheusUrl: string;
}

/** The facts that a driver tells of itself, so that nobody has to conclude them from its name. */
export interface Traits {
  /** Its label, shown and written into reports; steps of experiments carry it as data. */
  mode: Mode;
  viewers: Viewers;
  /** The time in which a stop that began earlier may still take down a part that was told to start, milliseconds; 0: never. */
  lateStopMs: number;
  /** The folder on this machine in which the services' log files are; undefined: out of reach. */
  logFolder: string | undefined;
  /** The folder on this machine in which Prometheus keeps its blocks; undefined: out of reach. */
  prometheusFolder: string | undefined;
  /** Undefined: only a k6 of this machine can be had. */
  k6: K6Launch | undefined;
}

/** The name of an object of the cluster. Without a namespace it is one of namespace `taskmanager`, or of the whole cluster. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** An object as a manifest has it. */
export interface ClusterObject extends ObjectReference {
  metadata: ObjectReference['metadata'] & { labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** The cluster that the lab runs in, for experiments that break what only Kubernetes has. */
export interface Cluster {
  /** Makes an object, or gives an existing one this form. @throws Error with the words of the API server. */
  apply(object: ClusterObject): Promise<void>;
  /** Returns an object as the cluster has it; undefined where there is none. */
  read(object: ObjectReference): Promise<ClusterObject | undefined>;
  /** Deletes an object and returns when it is gone; harmless where there is none. */
  remove(object: ObjectReference): Promise<void>;
  /** Returns the image that the cluster runs a part from. @throws CannotRun for a part that the lab does not have. */
  image(part: PartName): string;
}

export interface Stack {
  readonly traits: Traits;
  readonly parts: readonly PartName[];
  readonly addresses: Addresses;
  readonly signals: { logs: LogStore; traces: TraceStore };

  /**
   * Starts what does not run yet; returns when every part says it is ready (reading signals back comes after).
   * @throws CannotRun naming the part that fails, with its last log lines; what was started before stays, for the
   *   caller to stop or keep.
   * @returns whether anything was started, repaired or configured anew.
   */
  start(options: StartOptions): Promise<{ changed: boolean }>;
  /**
   * Stops everything, leftovers of a crash too.
   * @param options.remove also deletes data and whatever else was generated; else both stay.
   */
  stop(progress: (line: string) => void, options?: { remove?: boolean }): Promise<void>;
  /** @param options.memory false leaves memory out, which costs most of the look: for whoever asks often. */
  status(options?: { memory?: boolean }): Promise<PartReport[]>;
  /** @throws CannotRun for a part that the lab does not have. */
  act(part: PartName, action: PartAction): Promise<void>;
  /** Checks configuration and loads it into Prometheus and Alertmanager; changes nothing where a check fails. */
  loadConfiguration(options?: LoadConfigurationOptions): Promise<void>;
  /** A request to a part's management port, which may be reachable only from inside. */
  management(part: PartName, path: string, init?: ManagementRequest): Promise<ManagementAnswer>;

  /** Only where the lab runs in a cluster. */
  readonly cluster?: Cluster;

  /** Texts for a bundle, by file name: only where the lab's own folders do not hold the logs. A text that cannot be had says why. */
  evidence?(): Promise<Record<string, string>>;
}

/** Tells whether anything of it runs: a second `up` then only completes it. */
export async function isUp(stack: Pick<Stack, 'status'>): Promise<boolean> {
  const parts = await stack.status({ memory: false });
  return parts.some(({ state }) => state !== 'stopped' && state !== 'failed');
}
