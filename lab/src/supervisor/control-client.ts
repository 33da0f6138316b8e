/** Asks a running supervisor. */
import { request } from 'node:http';
import { isRunning, type ProcessIdentity } from '../process/process-table.ts';
import { type Endpoint, type PartAction, readEndpoint, type SupervisorStatus } from './control.ts';

export class SupervisorClient {
  readonly #endpoint: Endpoint;

  private constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Client of the supervisor that runs on this folder; undefined where none does. */
  static async connect(runFolder: string): Promise<SupervisorClient | undefined> {
    const endpoint = await readEndpoint(runFolder);
    return endpoint && isRunning(endpoint.supervisor) ? new SupervisorClient(endpoint) : undefined;
  }

  get identity(): ProcessIdentity {
    return this.#endpoint.supervisor;
  }

  status(): Promise<SupervisorStatus> {
    return this.#ask<SupervisorStatus>('GET', '/status', 5_000);
  }

  /** Returns when the action is done: a stop may take the part's own deadline. */
  async act(part: string, action: PartAction): Promise<void> {
    await this.#ask('POST', `/parts/${encodeURIComponent(part)}/${action}`, 60_000);
  }

  /** Asks it to stop everything and itself; returns at once. */
  async shutdown(): Promise<void> {
    await this.#ask('POST', '/shutdown', 5_000);
  }

  #ask<T>(method: string, path: string, timeoutMs: number): Promise<T> {
    const { address, token } = this.#endpoint;
    const where = 'port' in address ? { host: '127.0.0.1', port: address.port } : address;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const outgoing = request(
      {
        ...where,
        method,
        path,
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject).on('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text) as T);
          else reject(new Error(`the supervisor refused ${method} ${path}: ${text}`));
        });
      },
    );
    outgoing.on('error', (cause) =>
      reject(new Error(`the supervisor did not answer ${method} ${path}`, { cause })),
    );
    outgoing.end();
    return promise;
  }
}
