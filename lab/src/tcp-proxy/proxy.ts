/** Forwards connections, and does to what passes what its toxics say. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { fateOf, type Toxic } from './toxics.ts';

export interface ProxyOptions {
  listenPort: number;
  upstreamPort: number;
  host?: string;
}

/** Held back at most this much a direction before the sender is told to wait. */
const HIGH_WATER_BYTES = 256 * 1024;

export class TcpProxy implements AsyncDisposable {
  readonly #toxics = new Map<string, Toxic>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #host: string;
  readonly #upstreamPort: number;

  private constructor({ upstreamPort, host = '127.0.0.1' }: ProxyOptions) {
    this.#upstreamPort = upstreamPort;
    this.#host = host;
    this.#server = createServer({ noDelay: true }, (near) => this.#accept(near));
  }

  /** @throws the error of listening. */
  static async listen(options: ProxyOptions): Promise<TcpProxy> {
    const proxy = new TcpProxy(options);
    proxy.#server.listen(options.listenPort, proxy.#host);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  get toxics(): Toxic[] {
    return [...this.#toxics.values()];
  }

  /** Takes effect on open connections too. */
  set(toxic: Toxic): void {
    this.#toxics.set(toxic.name, toxic);
    // Toxiproxy resets open connections as well: whoever waits for nothing would otherwise not notice.
    if (toxic.type === 'reset_peer' && toxic.attributes.timeout === 0) this.#resetAll();
  }

  /** @returns whether there was one. What it held back for good is lost: those connections are closed. */
  remove(name: string): boolean {
    const toxic = this.#toxics.get(name);
    if (!toxic) return false;
    this.#toxics.delete(name);
    if (toxic.type === 'timeout') for (const socket of this.#sockets) socket.destroy();
    return true;
  }

  clear(): void {
    for (const name of [...this.#toxics.keys()]) this.remove(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #accept(near: Socket): void {
    const far = connect({ port: this.#upstreamPort, host: this.#host, noDelay: true });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      // Resets are this program's trade; the close that follows ends the other side.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    this.#pump(near, far, 'upstream');
    this.#pump(far, near, 'downstream');
  }

  /** In order: a chunk never overtakes the one before it, whatever became of the toxics meanwhile. */
  #pump(from: Socket, to: Socket, stream: Toxic['stream']): void {
    let lastDue = 0;
    let held = 0;
    const later = (ms: number, act: () => void) => {
      const due = Math.max(performance.now() + ms, lastDue);
      lastDue = due;
      const wait = due - performance.now();
      // Without a toxic nothing waits for the next turn of the event loop.
      if (wait <= 0 && held === 0) act();
      else setTimeout(act, wait);
    };
    from.on('data', (chunk: Buffer) => {
      const own = this.#toxics.size === 0 ? [] : this.toxics.filter((each) => each.stream === stream);
      const fate = fateOf(chunk.length, own);
      if (!fate.pass) {
        if (fate.ends === 'nothing') return;
        setTimeout(() => (fate.ends === 'reset' ? resetBoth(from, to) : from.destroy()), fate.afterMs);
        return;
      }
      const queued = fate.afterMs > 0 || held > 0;
      if (queued) held += chunk.length;
      if (held > HIGH_WATER_BYTES) from.pause();
      later(fate.afterMs, () => {
        if (queued) held -= chunk.length;
        if (to.destroyed) return;
        const room = to.write(chunk);
        if (!room) {
          from.pause();
          to.once('drain', () => from.resume());
        } else if (held <= HIGH_WATER_BYTES && from.isPaused()) from.resume();
      });
    });
    from.on('end', () => later(0, () => to.end()));
  }

  #resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}

function resetBoth(one: Socket, other: Socket): void {
  one.resetAndDestroy();
  other.resetAndDestroy();
}
