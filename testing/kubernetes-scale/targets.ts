/** Answers every simulated pod's metrics, and every probe of the blackbox exporter, from one process. */
import { createServer, type Server } from 'node:http';
import { type Expositions, exposedAfter } from './exposition.ts';
import type { SimulatedPod } from './pods.ts';

const METRICS_PORT = 9464;
const BLACKBOX_PORT = 9115;
const PROBE =
  '# TYPE probe_success gauge\nprobe_success 1\n# TYPE probe_duration_seconds gauge\nprobe_duration_seconds 0.01\n';

/** Listens on every address, so it belongs into a network namespace without a way out. @param pods all that may ever be asked for. */
export function startTargets(expositions: Expositions, pods: readonly SimulatedPod[]): Server[] {
  const kinds = new Map(pods.map(({ ip, kind }) => [ip, kind]));
  const began = Date.now();
  // All pods of a kind show the same values within a second.
  const pages = new Map<string, { second: number; page: string }>();
  const metrics = createServer((request, response) => {
    const kind = kinds.get(request.socket.localAddress ?? '');
    if (kind === undefined) {
      response.writeHead(404).end();
      return;
    }
    const second = Math.floor((Date.now() - began) / 1000);
    let made = pages.get(kind);
    if (made?.second !== second) {
      made = { second, page: exposedAfter(expositions[kind].text, second) };
      pages.set(kind, made);
    }
    response.writeHead(200, { 'content-type': expositions[kind].contentType }).end(made.page);
  });
  const blackbox = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(PROBE);
  });
  return [metrics.listen(METRICS_PORT, '0.0.0.0'), blackbox.listen(BLACKBOX_PORT, '0.0.0.0')];
}
