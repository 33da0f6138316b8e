/** The proxy's control listener: the few of Toxiproxy's requests that the lab makes, with its paths and answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { describeError } from '../cli/failure.ts';
import type { TcpProxy } from './proxy.ts';
import { toxicSchema } from './toxics.ts';

const LARGEST_BODY = 10_000;

/**
 *     GET    /version                        the proxy is there
 *     GET    /proxies/NAME/toxics            → [toxic]
 *     POST   /proxies/NAME/toxics            toxic → toxic; one of the same name is replaced
 *     DELETE /proxies/NAME/toxics/TOXIC      → 204, 404
 *     POST   /reset                          removes all
 */
export function controlServer(name: string, proxy: TcpProxy): Server {
  return createServer((request, response) => {
    handle(name, proxy, request, response).catch((error: unknown) => {
      answer(response, 400, { error: describeError(error) });
    });
  });
}

async function handle(
  name: string,
  proxy: TcpProxy,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const toxics = `/proxies/${name}/toxics`;
  const what = `${request.method} ${path}`;
  if (what === 'GET /version') return answer(response, 200, { version: 'lab' });
  // A page of a web browser could post here; it cannot leave out its Origin.
  if (request.headers.origin !== undefined) return answer(response, 403, { error: 'not from a browser' });
  if (what === `GET ${toxics}`) return answer(response, 200, proxy.toxics);
  if (what === 'POST /reset') {
    proxy.clear();
    return answer(response, 204);
  }
  if (what === `POST ${toxics}`) {
    const toxic = toxicSchema.parse(JSON.parse(await bodyOf(request)));
    proxy.set(toxic);
    return answer(response, 200, toxic);
  }
  if (request.method === 'DELETE' && path.startsWith(`${toxics}/`)) {
    const removed = proxy.remove(decodeURIComponent(path.slice(toxics.length + 1)));
    return removed ? answer(response, 204) : answer(response, 404, { error: 'no such toxic' });
  }
  answer(response, 404, { error: `${what}: not known here` });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) throw new Error(`expected at most ${LARGEST_BODY} bytes`);
  }
  return text;
}

function answer(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
