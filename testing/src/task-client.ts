/**
 * One user of the task manager, on one keep-alive connection that repeats nothing: what it is not answered is lost,
 * and counted. `fetch` would not do, as it may send a request a second time.
 */
import { randomUUID } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { eventually } from './eventually.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** `x-request-id` of the answer. */
  requestId: string;
  /** Parsed where it is JSON, else the text. */
  body: unknown;
  durationMs: number;
}

/** No answer. `refused`: there was no connection to send on, so nobody can have taken the request. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
  readonly refused: boolean;
  constructor(message: string, refused: boolean, cause: unknown) {
    super(message, { cause });
    this.refused = refused;
  }
}

export interface Call {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, as JSON. */
  text?: string;
  headers?: Readonly<Record<string, string>>;
}

export interface Account {
  email: string;
  password: string;
}

export interface TaskClient extends Disposable {
  /** @param path below `/api/v1`. @throws NoAnswerError */
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Registers a new account and logs in; its e-mail domain marks it as made by a test. */
  signUp(): Promise<Account>;
  /** `name=value` of the session cookie. */
  readonly cookie: string;
}

/** @param origin of web or of api, such as http://127.0.0.1:8080 */
export function createTaskClient(origin: string): TaskClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(origin);
  let cookie = '';

  function call(method: string, path: string, { json, text, headers }: Call = {}): Promise<Answer> {
    const body = json === undefined ? text : JSON.stringify(json);
    const start = performance.now();
    return new Promise((resolve, reject) => {
      const noAnswer = (error: NodeJS.ErrnoException) => {
        const refused = error.code === 'ECONNREFUSED';
        reject(new NoAnswerError(`${method} ${path}: ${error.message}`, refused, error));
      };
      const sent = request(
        {
          agent,
          host: hostname,
          port,
          method,
          path: `/api/v1${path}`,
          headers: {
            'x-requested-with': 'taskmanager',
            ...(cookie && { cookie }),
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(body)),
            }),
            ...headers,
          },
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('error', noAnswer);
          response.on('end', () => {
            const [setCookie] = response.headers['set-cookie'] ?? [];
            if (setCookie) cookie = setCookie.split(';')[0] ?? '';
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              requestId: String(response.headers['x-request-id']),
              body: parsed(Buffer.concat(pieces).toString(), response.headers['content-type'] ?? ''),
              durationMs: performance.now() - start,
            });
          });
        },
      );
      sent.on('error', noAnswer);
      sent.end(body);
    });
  }

  /** Sets up, so it has patience: a machine that is too busy for its database is told `503`. */
  async function insist(status: number, path: string, json: unknown): Promise<void> {
    await eventually(`${status} from POST ${path}`, async () => {
      const answer = await call('POST', path, { json });
      if (answer.status === status) return true;
      throw new Error(`received ${answer.status}: ${JSON.stringify(answer.body)}`);
    });
  }

  return {
    call,
    async signUp() {
      const account = { email: `${randomUUID()}@load.invalid`, password: randomUUID() };
      await insist(201, '/users', { ...account, displayName: 'A test' });
      await insist(200, '/users/login', account);
      return account;
    },
    get cookie() {
      return cookie;
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function parsed(text: string, contentType: string): unknown {
  return /json/.test(contentType) ? JSON.parse(text) : text;
}
