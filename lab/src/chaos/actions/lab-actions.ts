/** Does what a method says and undoes it, through the stack's interface, its databases, and requests of its own. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readManifest } from '@lab/manifest';
import { connectionUrl } from '@lab/postgres';
import { CannotRun } from '../../cli/failure.ts';
import type { Load } from '../../load/start-load.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Stack } from '../../stack/stack.ts';
import { until } from '../../wait.ts';
import type { Action, FaultAction, Rollback } from '../experiment/actions.ts';
import {
  sendBrokenSpans,
  sendBrowserReports,
  sendRefused,
  sendSteadily,
  type Targets,
} from './extra-traffic.ts';
import { appendBrokenLines, floodLogFolder, loseLogDisk, returnLogs } from './log-folder.ts';
import { clearToxics, setToxic } from './network.ts';
import { writeScaled } from './scaled-configuration.ts';
import { type Databases, endSessions, openSessions } from './sessions.ts';

export interface LabActionsOptions {
  paths: LabPaths;
  settings: Settings;
  stack: Stack;
  speed: number;
  /** After which every fault ends by itself, seconds. */
  ttlSeconds: number;
}

/** The background load, where there is one: a guardian has none, and needs none to undo. */
export interface Background {
  load: Load;
  rate: number;
}

/** Two scrapes of time scale 10, and some. */
const SEEN_BY_SCRAPE_MS = 2_500;
const READY_DEADLINE_MS = 60_000;
/** A watermark is free space: so much is never free. */
const MORE_THAN_ANY_DISK = '1000tb';
/** A service may have been killed a moment ago, or be blocked: it is asked again. */
const FAULTS_DEADLINE_MS = 20_000;

export class LabActions {
  readonly #options: LabActionsOptions;
  #background: Background | undefined;
  #extra = new AbortController();

  constructor(options: LabActionsOptions, background?: Background) {
    this.#options = options;
    this.#background = background;
  }

  async perform(action: Action): Promise<void> {
    const { stack, paths, ttlSeconds } = this.#options;
    switch (action.do) {
      case 'fault':
        return this.#setFault(action);
      case 'stop':
        return stack.stopPart(action.part);
      case 'pause':
        return stack.pausePart(action.part);
      case 'freeze':
        await stack.pausePart(action.part);
        await pause(action.seconds * 1000);
        return stack.resumePart(action.part);
      case 'kill':
        return this.#kill(action.part, action.times);
      case 'lock-table':
      case 'long-transaction':
      case 'use-connections':
      case 'query-storm':
      case 'deadlocks':
      case 'unreadable-jobs':
        return openSessions(action, this.#databases(), ttlSeconds);
      case 'network':
        return setToxic(stack, action);
      case 'traffic':
        return this.#traffic(action.factor);
      case 'refused-requests':
        return sendRefused(action, this.#targets(), this.#extra.signal);
      case 'browser-reports':
        return sendBrowserReports(action, this.#targets(), this.#extra.signal);
      case 'broken-spans':
        return sendBrokenSpans(action.perSecond, this.#targets(), this.#extra.signal);
      case 'broken-log-lines':
        return sendSteadily(
          action.perSecond,
          (count) => appendBrokenLines(paths.applicationLogs, count),
          this.#extra.signal,
        );
      case 'flood-log-folder':
        return floodLogFolder(paths.applicationLogs);
      case 'lose-log-disk':
        return loseLogDisk(paths.applicationLogs, readManifest(paths.root).part(action.service).service);
      case 'block-indices':
        return this.#blockIndices(true);
      case 'failing-rule':
        return stack.loadConfiguration(await this.#scaled(true));
      case 'refused-configuration':
        return stack.spoilConfiguration();
    }
  }

  async undo(rollback: Rollback): Promise<void> {
    const { stack, paths } = this.#options;
    switch (rollback.undo) {
      case 'clear-faults':
        return this.#clearFaults(rollback.service);
      case 'start':
        return stack.startPart(rollback.part);
      case 'resume':
        return stack.resumePart(rollback.part);
      case 'end-sessions':
        return endSessions(this.#databases());
      case 'clear-network':
        return clearToxics(stack);
      case 'end-traffic':
        this.#extra.abort();
        this.#extra = new AbortController();
        return this.#traffic(1);
      case 'return-logs':
        return returnLogs(paths.applicationLogs);
      case 'unblock-indices':
        return this.#blockIndices(null);
      case 'restore-configuration':
        return stack.loadConfiguration(await this.#scaled(false));
    }
  }

  async #setFault({ do: _, service, ...fault }: FaultAction): Promise<void> {
    const body = JSON.stringify({
      ...fault,
      ttlSeconds: Math.min(3_600, Math.ceil(this.#options.ttlSeconds)),
    });
    const { status, body: said } = await this.#options.stack.management(service, '/faults', {
      method: 'PUT',
      body,
    });
    if (status >= 300)
      throw new Error(`${service} refused the fault ${fault.fault}: ${status} ${said.slice(0, 200)}`);
  }

  /** A service that is gone has no faults any more; one that is starting may be asked too early. */
  async #clearFaults(service: FaultAction['service']): Promise<void> {
    await until(
      `${service} to switch its faults off`,
      async () => {
        const { status } = await this.#options.stack.management(service, '/faults', { method: 'DELETE' });
        return status < 300;
      },
      { deadlineMs: FAULTS_DEADLINE_MS, everyMs: 250 },
    );
  }

  async #kill(part: string, times: number): Promise<void> {
    const { stack } = this.#options;
    for (let time = 1; time <= times; time += 1) {
      const before = await this.#report(part);
      await stack.killPart(part);
      if (time === times) return;
      await until(
        `${part} to serve again after a kill`,
        async () => {
          const now = await this.#report(part);
          return now.state === 'ready' && now.since !== before.since;
        },
        { deadlineMs: READY_DEADLINE_MS },
      );
      // Each start has to be seen by a scrape, or it is not counted as one.
      await pause(SEEN_BY_SCRAPE_MS);
    }
  }

  async #report(part: string) {
    const found = (await this.#options.stack.status({ memory: false })).find(({ name }) => name === part);
    if (!found) throw new CannotRun(`${part} is no part of this lab`);
    return found;
  }

  #traffic(factor: number): void {
    if (this.#background) this.#background.load.rate = this.#background.rate * factor;
  }

  async #scaled(failingRule: boolean) {
    const { paths, speed } = this.#options;
    return writeScaled({ root: paths.root, folder: join(paths.run, 'scaled'), speed, failingRule });
  }

  /** As on a full disk. Elasticsearch opens its indices again every half minute unless its watermarks forbid it. */
  async #blockIndices(blocked: true | null): Promise<void> {
    const mark = blocked && MORE_THAN_ANY_DISK;
    const watermarks = Object.fromEntries(
      ['low', 'high', 'flood_stage'].map((level) => [
        `cluster.routing.allocation.disk.watermark.${level}`,
        mark,
      ]),
    );
    await this.#setElasticsearch('_cluster/settings', { persistent: watermarks });
    await this.#setElasticsearch('logs-*/_settings', { 'index.blocks.read_only_allow_delete': blocked });
  }

  async #setElasticsearch(path: string, settings: object): Promise<void> {
    const response = await fetch(
      `http://127.0.0.1:${this.#options.settings.ports.ELASTICSEARCH_PORT}/${path}`,
      {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(settings),
        signal: AbortSignal.timeout(10_000),
      },
    );
    if (!response.ok)
      throw new Error(`Elasticsearch answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  }

  #databases(): Databases {
    const { ports, secrets } = this.#options.settings;
    const url = (user: 'postgres' | 'taskmanager', password: string) =>
      connectionUrl({ user, password, port: ports.POSTGRES_PORT, database: 'taskmanager' });
    return {
      ownerUrl: url('taskmanager', secrets.TASKMANAGER_DB_PASSWORD),
      superuserUrl: url('postgres', secrets.POSTGRES_SUPERUSER_PASSWORD),
    };
  }

  #targets(): Targets {
    const { web, otlp } = this.#options.stack.addresses;
    return { web, otlp, cookie: this.#background?.load.accounts[0]?.cookie ?? '' };
  }
}
