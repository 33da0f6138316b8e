import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import type pg from 'pg';
import { redactText } from '../logging/redaction.ts';
import type { Statement } from './statement.ts';

/** Client spans by OpenTelemetry's stable database conventions: https://opentelemetry.io/docs/specs/semconv/database/postgresql/ */

export type ConnectionAttributes = Attributes;

/** What every span of a pool says of its server; never user or password. */
export function connectionAttributes(options: pg.PoolOptions): ConnectionAttributes {
  const { host, port, database } = fromConnectionString(options.connectionString) ?? options;
  return {
    'db.system.name': 'postgresql',
    ...(database && { 'db.namespace': database }),
    ...(host && { 'server.address': host }),
    ...(port && { 'server.port': port }),
  };
}

function fromConnectionString(
  text: string | undefined,
): { host: string; port: number; database: string } | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return {
    host: decodeURIComponent(url.hostname),
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}

/** @param at the context and wall clock time (ms) of a start that lies back; default: now, in the active context. */
export function startDatabaseSpan(
  tracer: Tracer,
  statement: Statement,
  attributes: ConnectionAttributes,
  at?: { active: Context; startTime: number },
): Span {
  const span = tracer.startSpan(
    statement.summary,
    { kind: SpanKind.CLIENT, attributes, ...(at && { startTime: at.startTime }) },
    at?.active ?? context.active(),
  );
  span.setAttribute('db.operation.name', statement.name);
  if (statement.sanitisedText !== '') {
    span.setAttribute('db.query.text', statement.sanitisedText);
    span.setAttribute('db.query.summary', statement.summary);
  }
  return span;
}

/** `error.type` is the SQLSTATE where Postgres answered, as the conventions want it; else the error's code or name. */
export function endDatabaseSpan(span: Span, error: unknown, endTime?: number): void {
  if (error !== undefined && error !== null) {
    const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
    const type = typeof code === 'string' ? code : typeof name === 'string' ? name : '_OTHER';
    span.setAttribute('error.type', type);
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code))
      span.setAttribute('db.response.status_code', code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: redactText(String(message ?? '')).slice(0, 500) });
  }
  span.end(endTime);
}
