/**
 * The running lab as everything else knows it: chaos, load, screenshots and the commands use this interface and
 * never ask which driver stands behind it. Two drivers: lite (processes) and full (Docker Compose).
 */
import type { Mode } from '../settings/settings.ts';

/** Names of parts, the same in both modes; full adds its own (grafana, elasticsearch …). */
export type PartName = string;

/** The four programs of ours: they have a management listener, faults and ECS logs. */
export const SERVICES = ['api', 'worker', 'web', 'console'] as const;
export type ServiceName = (typeof SERVICES)[number];

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
  /** How it last ended, or why it is not ready. */
  detail: string | undefined;
}

/** A line of the table that `up` prints. */
export interface Entrance {
  name: string;
  url: string;
  login: string;
}

/** Addresses that this machine reaches. */
export interface Addresses {
  web: string;
  console: string;
  api: string;
  prometheus: string;
  alertmanager: string;
  /** OTLP/HTTP base address. */
  otlp: string;
}

export interface LogRecord {
  service: string;
  message: string;
  /** Flat ECS fields. */
  fields: Record<string, unknown>;
}

export interface TraceRecord {
  traceId: string;
  /** `service.name` of every span. */
  services: string[];
  spans: number;
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

export interface StartOptions {
  /** A line for each part that became ready, and what else a person waiting wants to know. */
  progress(line: string): void;
  signal: AbortSignal;
}

export interface Stack {
  readonly mode: Mode;
  readonly parts: readonly PartName[];
  readonly addresses: Addresses;

  /** Whether anything of it runs: a second `up` then only completes it. */
  isUp(): Promise<boolean>;
  /**
   * Starts what does not run yet; returns when every part says it is ready (reading signals back comes after).
   * @throws CannotRun naming the part that fails, with its last log lines; what was started before stays, for the
   *   caller to stop or keep.
   * @returns whether anything was started, repaired or configured anew.
   */
  start(options: StartOptions): Promise<{ changed: boolean }>;
  /** Stops everything, leftovers of a crash too; data stays. */
  stop(progress: (line: string) => void): Promise<void>;
  /** Stops everything and deletes data and whatever else was generated. */
  remove(progress: (line: string) => void): Promise<void>;
  /** @param options.memory false leaves memory out, which costs most of the look: for whoever asks often. */
  status(options?: { memory?: boolean }): Promise<PartReport[]>;
  entrances(): Entrance[];
  /** Last lines that a part wrote. */
  lastLogLines(part: PartName, count: number): Promise<string[]>;

  /** Starts a part that was stopped; returns when it was told to, not when it is ready. */
  startPart(part: PartName): Promise<void>;
  /** Stops a part cleanly; it stays stopped. */
  stopPart(part: PartName): Promise<void>;
  restartPart(part: PartName): Promise<void>;
  /** kill -9, as a crash: whoever watches the part starts it again. */
  killPart(part: PartName): Promise<void>;
  /** Freezes a part: connections stay open, nothing answers. */
  pausePart(part: PartName): Promise<void>;
  resumePart(part: PartName): Promise<void>;

  /** Checks configuration and loads it into Prometheus and Alertmanager; changes nothing where a check fails. */
  loadConfiguration(sources?: ConfigurationSources): Promise<void>;
  /** A request to a service's management listener, which may be reachable only from inside. */
  management(
    service: ServiceName,
    path: string,
    init?: { method?: string; body?: string },
  ): Promise<ManagementAnswer>;
  /** A request to the control listener of the proxy between api and Postgres: Toxiproxy's paths in both modes. */
  databaseProxy(path: string, init?: { method?: string; body?: string }): Promise<ManagementAnswer>;
  /** Has Prometheus and Alertmanager read configuration that they refuse; loadConfiguration mends it. */
  spoilConfiguration(): Promise<void>;
  /** Log lines of a request, by its id, from wherever the mode keeps logs. */
  logsOfRequest(requestId: string, signal: AbortSignal): Promise<LogRecord[]>;
  /** Traces of a request, by its id, from wherever the mode keeps traces. */
  tracesOfRequest(requestId: string, signal: AbortSignal): Promise<TraceRecord[]>;
}
