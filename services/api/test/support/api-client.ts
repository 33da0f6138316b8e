import type { Problem } from '../../src/contract/problem.ts';
import type { Task } from '../../src/contract/tasks.ts';
import type { User } from '../../src/contract/users.ts';
import { checkAnswer, type OpenApiDocument } from './openapi-check.ts';

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string | undefined>;
}

/** A browser's part: keeps the session cookie, sends the CSRF header, and holds each answer against the document. */
export class ApiClient {
  readonly #origin: string;
  readonly #document: OpenApiDocument;
  cookie: string | undefined;

  constructor(origin: string, document: OpenApiDocument) {
    this.#origin = origin;
    this.#document = document;
  }

  async request<T = unknown>(
    method: string,
    path: string,
    { body, headers = {} }: RequestOptions = {},
  ): Promise<Answer<T>> {
    const all: Record<string, string | undefined> = {
      'x-requested-with': 'taskmanager',
      cookie: this.cookie,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers: Object.entries(all).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as [string, string]],
      ),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.cookie = cookie.split(';')[0];
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    checkAnswer(this.#document, { method, path: `/api/v1${path}`, ...answer });
    return answer;
  }

  /** Expects a problem. */
  problem(method: string, path: string, options?: RequestOptions): Promise<Answer<Problem>> {
    return this.request<Problem>(method, path, options);
  }

  async createTask(task: Record<string, unknown> = {}): Promise<Task> {
    const answer = await this.request<Task>('POST', '/tasks', {
      body: { title: 'Water the plants', ...task },
    });
    if (answer.status !== 201) throw new Error(`expected 201, received ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async register(email: string, password: string): Promise<User> {
    const body = { email, password, displayName: email.split('@')[0] };
    const answer = await this.request<User>('POST', '/users', { body });
    if (answer.status !== 201) throw new Error(`expected 201, received ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  logIn(email: string, password: string): Promise<Answer<User>> {
    return this.request<User>('POST', '/users/login', { body: { email, password } });
  }
}
