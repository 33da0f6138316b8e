/**
 * Takes in what browsers tell about themselves. Anybody can send anything here, so: this origin only, a rate for each
 * client before a byte is read, a size, a schema, and only then metrics with labels from fixed sets.
 */
import { isSameOrigin } from '@lab/kit';
import type { Telemetry } from '@lab/telemetry';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express';
import { INTAKE_PATHS, MAX_INTAKE_BYTES } from '../../shared/intake.ts';
import { type ProblemCode, sendProblem } from '../problem.ts';
import { createBrowserMetrics, type IntakeEndpoint, type RejectionReason } from './browser-metrics.ts';
import { createErrorLog } from './error-log.ts';
import { clientKey, createRateLimit } from './rate-limit.ts';
import { errorsSchema, vitalsSchema } from './schemas.ts';
import type { SpanForwarder } from './span-forwarder.ts';
import { readSpans } from './span-schema.ts';

export interface BrowserIntakeOptions {
  telemetry: Telemetry;
  spans: SpanForwarder;
  /** Requests a second that one client may make in the long run; four seconds' worth at once. */
  rate: number;
}

const BURST_SECONDS = 4;
const REASONS: Partial<Record<ProblemCode, RejectionReason>> = {
  payload_too_large: 'too_large',
  too_many_requests: 'rate_limited',
};

export function createBrowserIntake({ telemetry, spans, rate }: BrowserIntakeOptions): Router {
  const metrics = createBrowserMetrics(telemetry);
  const logError = createErrorLog();
  const limit = createRateLimit({ rate, burst: rate * BURST_SECONDS });
  const router = Router({ caseSensitive: true });

  /** False: the body is not what was expected. */
  const takers: Record<IntakeEndpoint, (request: Request) => boolean> = {
    vitals(request) {
      const vitals = vitalsSchema.safeParse(request.body);
      for (const { name, value, route } of vitals.data?.metrics ?? []) {
        metrics.vital(name, value, route, isSynthetic(request));
      }
      return vitals.success;
    },
    errors(request) {
      const errors = errorsSchema.safeParse(request.body);
      for (const error of errors.data?.errors ?? []) {
        metrics.error(error.kind, isSynthetic(request));
        logError(request.log, error, isSynthetic(request));
      }
      return errors.success;
    },
    spans(request) {
      const taken = readSpans(request.body, Date.now());
      if (taken) spans.add(isSynthetic(request) ? taken.map(markSynthetic) : taken);
      return taken !== undefined;
    },
  };

  for (const endpoint of Object.keys(INTAKE_PATHS) as IntakeEndpoint[]) {
    const refuse = (request: Request, response: express.Response, code: ProblemCode) => {
      metrics.rejected(endpoint, REASONS[code] ?? 'invalid');
      sendProblem(request, response, code, code === 'too_many_requests' ? { retryAfterSeconds: 1 } : {});
    };
    const admit: RequestHandler = (request, response, next) => {
      if (!limit.take(clientKey(request.ip))) refuse(request, response, 'too_many_requests');
      else if (!isSameOrigin(request.headers, request.host)) refuse(request, response, 'forbidden');
      else if (Number(request.get('content-length') ?? 0) > MAX_INTAKE_BYTES) {
        // Refused before it is read, and the rest with it.
        response.set('Connection', 'close');
        refuse(request, response, 'payload_too_large');
      } else if (!request.is('application/json')) refuse(request, response, 'unsupported_media_type');
      else next();
    };
    const take: RequestHandler = (request, response) => {
      if (takers[endpoint](request)) response.status(204).end();
      else refuse(request, response, 'invalid');
    };
    const unreadable: ErrorRequestHandler = (error, request, response, _next) => {
      refuse(request, response, problemOfBody(error));
    };
    router.post(INTAKE_PATHS[endpoint], admit, readJson, take, unreadable);
  }
  return router;
}

/** Compressed bodies are not read: a small one may become a large one. */
const readJson = express.json({ limit: MAX_INTAKE_BYTES, inflate: false, strict: true });

function problemOfBody(error: unknown): ProblemCode {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return 'payload_too_large';
  return status === 415 ? 'unsupported_media_type' : 'invalid';
}

function isSynthetic(request: Request): boolean {
  return request.get('x-synthetic') === '1';
}

type Span = Parameters<SpanForwarder['add']>[0][number];
const SYNTHETIC_MARK = { key: 'user_agent.synthetic.type', value: { stringValue: 'test' } };

function markSynthetic(span: Span): Span {
  return { ...span, attributes: [...span.attributes, SYNTHETIC_MARK] };
}
