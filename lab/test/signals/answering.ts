import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** A store that answers each of these paths with its JSON and notes what it was asked; any other path is a 404. */
export async function answering(answers: Readonly<Record<string, unknown>>) {
  const asked: { path: string; query: URLSearchParams; body: string }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://store');
      asked.push({ path, query, body: await text(request) });
      response.statusCode = path in answers ? 200 : 404;
      response.end(path in answers ? JSON.stringify(answers[path]) : 'nothing here');
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
