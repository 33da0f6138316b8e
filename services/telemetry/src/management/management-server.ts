import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { listen } from '@lab/kit';
import type { FaultController } from '../faults/fault-controller.ts';
import { FaultError } from '../faults/fault-schema.ts';
import { messageOf } from '../logging/describe-error.ts';
import type { Telemetry } from '../telemetry.ts';
import { RequestBodyError, readJson } from './read-json.ts';
import { type ReadinessCheck, runChecks } from './readiness.ts';

export interface ManagementServerOptions {
  telemetry: Telemetry;
  /** Default 127.0.0.1. */
  host?: string;
  /** 0: any free port. */
  port: number;
  /** One check, or several by name (`{database: () => pool.query('SELECT 1')}`). */
  readiness?: ReadinessCheck | Readonly<Record<string, ReadinessCheck>>;
  /** Longest time a check may take, ms. Default 2000. */
  readinessTimeoutMs?: number;
  faults?: FaultController | undefined;
}

/** GET /metrics, /healthz, /readyz (`?exclude=NAME` leaves a check out); PUT|GET|DELETE /faults. Never on the public port. */
export interface ManagementServer {
  /** @returns the port listened on. @throws StartError naming host and port when they cannot be listened on. */
  listen(): Promise<number>;
  /** False makes `/readyz` answer 503 whatever the checks say. Starts as true. */
  setReady(ready: boolean): void;
  close(): Promise<void>;
}

export function createManagementServer(options: ManagementServerOptions): ManagementServer {
  const { telemetry, host = '127.0.0.1', port } = options;
  const endpoints = new Endpoints(options);
  const server = createServer((request, response) => {
    endpoints.handle(request, response).catch((error) => {
      telemetry.internalError('management', error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, { error: messageOf(error) });
    });
  });
  return {
    listen: () => listen(server, host, port),
    setReady(ready) {
      endpoints.ready = ready;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

class Endpoints {
  ready = true;
  readonly #telemetry: Telemetry;
  readonly #checks: Readonly<Record<string, ReadinessCheck>>;
  readonly #timeoutMs: number;
  readonly #faults: FaultController | undefined;

  constructor({ telemetry, readiness = {}, readinessTimeoutMs = 2_000, faults }: ManagementServerOptions) {
    this.#telemetry = telemetry;
    this.#checks = typeof readiness === 'function' ? { service: readiness } : readiness;
    this.#timeoutMs = readinessTimeoutMs;
    this.#faults = faults;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    if (path === '/faults') return this.#handleFaults(request, response);
    if (path !== '/metrics' && path !== '/healthz' && path !== '/readyz') {
      return answer(response, 404, { error: 'expected /metrics, /healthz, /readyz or /faults' });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, { error: 'expected GET' });
    if (path === '/healthz') return answer(response, 200, { status: 'ok' });
    if (path === '/readyz')
      return this.#answerReadiness(response, new URLSearchParams(query).getAll('exclude'));
    // A scrape that came while the loop was blocked is served before the loop's delay has been recorded, and reading starts the
    // record anew: without this turn of the timers the delay that a scrape waited for would be the one it never reports.
    await pause(1);
    response.setHeader('content-type', this.#telemetry.registry.contentType);
    response.end(await this.#telemetry.registry.metrics());
  }

  /** @param excluded names of checks that do not count this time: `/readyz?exclude=database`, as the servers of Kubernetes have it. */
  async #answerReadiness(response: ServerResponse, excluded: readonly string[]): Promise<void> {
    if (!this.ready) return answer(response, 503, { status: 'shutting down', failed: [], checks: {} });
    const unknown = excluded.filter((name) => this.#checks[name] === undefined);
    if (unknown.length > 0) {
      const names = Object.keys(this.#checks).join(', ') || 'none';
      return answer(response, 400, {
        error: `exclude: expected names of checks (${names}), got ${unknown.join(', ')}`,
      });
    }
    const counted = Object.entries(this.#checks).filter(([name]) => !excluded.includes(name));
    const checks = await runChecks(Object.fromEntries(counted), this.#timeoutMs);
    const failed = Object.keys(checks).filter((name) => checks[name]?.status === 'failed');
    const status = failed.length === 0 ? 'ready' : 'not ready';
    answer(response, failed.length === 0 ? 200 : 503, { status, failed, checks });
  }

  async #handleFaults(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const faults = this.#faults;
    if (!faults?.enabled)
      return answer(response, 404, { error: 'faults are disabled: set FAULTS_ENABLED=true' });
    if (!faults.authorizes(request.headers.authorization)) {
      response.setHeader('www-authenticate', 'Bearer');
      return answer(response, 401, { error: 'expected Authorization: Bearer with FAULTS_TOKEN' });
    }
    if (request.method === 'GET') return answer(response, 200, { faults: faults.active() });
    if (request.method === 'DELETE') {
      faults.clear();
      return answer(response, 200, { faults: [] });
    }
    if (request.method !== 'PUT') return answer(response, 405, { error: 'expected PUT, GET or DELETE' });
    try {
      answer(response, 200, faults.set(await readJson(request)));
    } catch (error) {
      if (!(error instanceof FaultError || error instanceof RequestBodyError)) throw error;
      answer(response, 400, { error: error.message });
    }
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
