/** The OpenAPI 3.1 description, generated from the routes and their schemas. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { API_PREFIX, CSRF_HEADER, SESSION_COOKIE } from '../contract/http.ts';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemCode, problemSchema } from '../contract/problem.ts';
import type { ReplyDescription, Route } from './route.ts';

/** @returns the document as plain data. */
export function describeApi(routes: readonly Route[], version: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = API_PREFIX + route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describe(route) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: { title: 'Task manager', version, description: 'Tasks, reminders and who is to do what.' },
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE } },
    },
    paths,
  });
}

function describe(route: Route): ZodOpenApiOperationObject {
  const parameters = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => [name, z.uuid()] as const);
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replaceAll(/[^a-z]+(\w)/gi, (_, c: string) => c.toUpperCase())}`,
    security: route.access === 'user' ? [{ session: [] }] : [],
    requestParams: {
      ...(parameters.length > 0 ? { path: z.object(Object.fromEntries(parameters)) } : {}),
      ...(route.query instanceof z.ZodObject ? { query: route.query } : {}),
      header: z.object(headersOf(route)),
    },
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.replies).map(([status, reply]) => [status, describeReply(reply)]),
      ),
      ...describeProblems(problemsOf(route)),
    },
  };
}

function headersOf(route: Route): Record<string, z.ZodType> {
  return {
    ...(route.method === 'get' ? {} : { [CSRF_HEADER.name]: z.literal(CSRF_HEADER.value) }),
    ...(route.ifMatch === 'required' ? { 'if-match': z.string() } : {}),
    ...(route.ifMatch === 'optional' ? { 'if-match': z.string().optional() } : {}),
  };
}

function describeReply({ description, schema, headers = [] }: ReplyDescription) {
  return {
    description,
    headers: z.object(Object.fromEntries(headers.map((name) => [name, z.string()]))),
    ...(schema ? { content: { 'application/json': { schema } } } : {}),
  };
}

/** Every problem a route can answer with: those of its own and those that come with its kind. */
export function problemsOf(route: Route): ProblemCode[] {
  return [
    ...(route.problems ?? []),
    ...(route.method === 'get' ? [] : (['forbidden'] as const)),
    ...(route.access === 'user' ? (['unauthenticated'] as const) : []),
    ...(route.body
      ? (['validation', 'malformed_body', 'payload_too_large', 'unsupported_media_type'] as const)
      : []),
    ...(route.query ? (['validation'] as const) : []),
    ...(route.ifMatch ? (['validation', 'version_mismatch'] as const) : []),
    ...(route.ifMatch === 'required' ? (['precondition_required'] as const) : []),
    ...(route.access === 'public' && !route.body ? [] : (['unavailable'] as const)),
    'internal',
  ];
}

function describeProblems(codes: readonly ProblemCode[]): ZodOpenApiOperationObject['responses'] {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      `${status}`,
      {
        description: ofStatus.map((code) => `${PROBLEMS[code].title} (\`${code}\`)`).join(', or: '),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } },
      },
    ]),
  );
}
