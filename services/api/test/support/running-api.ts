import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { eventually } from '@lab/testing';
import { type Api, type ApiOptions, composeApi } from '../../src/compose.ts';
import { describeApi } from '../../src/http/openapi.ts';
import { ApiClient } from './api-client.ts';
import { documentSchema, type OpenApiDocument } from './openapi-check.ts';

export const PASSWORD = 'correct horse battery';

export interface RunningApi extends AsyncDisposable {
  api: Api;
  server: Server;
  origin: string;
  document: OpenApiDocument;
  /** Nobody yet. */
  client(): ApiClient;
  /** Somebody new, logged in. */
  somebody(email?: string): Promise<ApiClient & { email: string }>;
}

/** The API in this process on a port of its own. */
export async function runApi(
  options: Omit<ApiOptions, 'sessionSecret'> & Partial<ApiOptions>,
  { waitUntilReady = true } = {},
): Promise<RunningApi> {
  const api = composeApi({ sessionSecret: 'of the tests, at least 32 characters', ...options });
  const server = createServer(api.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  const starting = api.start();
  if (waitUntilReady) {
    await starting;
    await eventually('the API is ready', () => api.ready().then(() => true));
  }
  const origin = `http://127.0.0.1:${address.port}`;
  const document = documentSchema.parse(JSON.parse(JSON.stringify(describeApi(api.routes, '0.0.0'))));
  const client = () => new ApiClient(origin, document);
  return {
    api,
    server,
    origin,
    document,
    client,
    async somebody(email = `${randomUUID()}@example.org`) {
      const somebody = Object.assign(client(), { email });
      await somebody.register(email, PASSWORD);
      await somebody.logIn(email, PASSWORD);
      return somebody;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await api.close();
      await starting;
    },
  };
}
