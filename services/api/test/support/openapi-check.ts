/** Holds every answer that a test receives against the document that the API serves. */
import { z } from 'zod';

const operationSchema = z.object({
  responses: z.record(
    z.string(),
    z.object({
      headers: z.record(z.string(), z.unknown()).optional(),
      content: z
        .record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()).optional() }))
        .optional(),
    }),
  ),
});

export const documentSchema = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});
export type OpenApiDocument = z.infer<typeof documentSchema>;

export interface ObservedAnswer {
  method: string;
  path: string;
  status: number;
  headers: Headers;
  body: unknown;
}

/** Problems that answer for what is no operation of the document. */
const OUTSIDE = new Set([404, 405, 403]);

/** @throws Error where the answer is not one that the document promises. */
export function checkAnswer(document: OpenApiDocument, answer: ObservedAnswer): void {
  const { method, path, status, headers, body } = answer;
  const template = Object.keys(document.paths).find((candidate) => matches(candidate, path));
  // HEAD answers like GET, without the body.
  const described = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = template && document.paths[template]?.[described];
  if (!operation) {
    if (OUTSIDE.has(status)) return;
    throw new Error(`${method} ${path} answered ${status}, but the document does not have it`);
  }
  const reply = operation.responses[status];
  const where = `${method} ${template} → ${status}`;
  if (!reply) throw new Error(`${where} is not in the document`);
  for (const name of Object.keys(reply.headers ?? {})) {
    if (!headers.has(name)) throw new Error(`${where} lacks the header ${name}`);
  }
  const [mediaType, content] = Object.entries(reply.content ?? {})[0] ?? [];
  if (method === 'HEAD') return;
  if (mediaType === undefined) {
    if (body !== undefined && !path.endsWith('/openapi.json')) throw new Error(`${where} has a body`);
    return;
  }
  const sent = headers.get('content-type')?.split(';')[0];
  if (sent !== mediaType) throw new Error(`${where} is ${sent}, expected ${mediaType}`);
  const result = schemaOf(document, content?.schema ?? {}).safeParse(body);
  if (!result.success) throw new Error(`${where}: ${z.prettifyError(result.error)}`);
}

function matches(template: string, path: string): boolean {
  const wanted = template.split('/');
  const given = path.split('?')[0]?.split('/') ?? [];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part === given[index])
  );
}

function schemaOf(document: OpenApiDocument, schema: Record<string, unknown>): z.ZodType {
  const whole = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')));
}
