/**
 * What a route is, apart from Express: one value that the router, the validation and the OpenAPI document are all
 * made from.
 */
import type { z } from 'zod';
import type { ProblemCode } from '../contract/problem.ts';
import { validate } from './validate.ts';

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** What a handler answers with. */
export interface Reply {
  status: number;
  /** Serialised as JSON; absent: no body. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** The session of the caller, as far as a handler may touch it. */
export interface Session {
  readonly userId: string | undefined;
  /** Starts a new session under a new id, which makes one planted before the login worthless. */
  start(userId: string): Promise<void>;
  /** Ends it in the store, and with it on every device that has the cookie. */
  end(): Promise<void>;
}

/** A request before validation. */
export interface RawRequest {
  params: Readonly<Record<string, unknown>>;
  query: unknown;
  body: unknown;
  session: Session;
  /** Address of the client. */
  address: string;
  header(name: string): string | undefined;
}

export interface RouteRequest<Query, Body> extends Omit<RawRequest, 'query' | 'body' | 'params'> {
  params: Readonly<Record<string, string>>;
  query: Query;
  body: Body;
  /** Who is logged in; empty on a route that is open to everybody. */
  userId: string;
}

export interface ReplyDescription {
  description: string;
  /** Absent: no body. */
  schema?: z.ZodType;
  headers?: readonly ('ETag' | 'Location' | 'Set-Cookie')[];
}

interface RouteDescription {
  method: Method;
  /** Below the API's prefix, Express style: `/tasks/:id`. */
  path: string;
  summary: string;
  /** Who may call it. `session`: open to everybody, but the handler starts or ends a session. */
  access: 'public' | 'session' | 'user';
  /** Successful answers by status. */
  replies: Readonly<Record<number, ReplyDescription>>;
  /** Problems of its own, besides those that every route of its kind has. */
  problems?: readonly ProblemCode[];
  /** Whether `If-Match` is needed, taken into account, or ignored. */
  ifMatch?: 'required' | 'optional';
}

export interface RouteDefinition<Query, Body> extends RouteDescription {
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  handle(request: RouteRequest<Query, Body>): Promise<Reply>;
}

/** A route whose types have been checked; router and document need no more. */
export interface Route extends RouteDescription {
  query: z.ZodType | undefined;
  body: z.ZodType | undefined;
  /** @throws ProblemError for input that is not valid, and what the handler throws. */
  run(request: RawRequest): Promise<Reply>;
}

/** Ties a handler to the schemas of its input. */
export function route<Query = undefined, Body = undefined>(definition: RouteDefinition<Query, Body>): Route {
  const { query, body, handle, ...description } = definition;
  return {
    ...description,
    query,
    body,
    run: (request) =>
      handle({
        ...request,
        params: request.params as Readonly<Record<string, string>>,
        userId: request.session.userId ?? '',
        query: query ? validate(query, request.query, 'query') : (undefined as Query),
        body: body ? validate(body, request.body, 'body') : (undefined as Body),
      }),
  };
}
