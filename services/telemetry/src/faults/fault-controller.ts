import { bearerCheck } from '@lab/kit';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { namedRoute } from '../http/request-scope.ts';
import { type RoutedRequest, type RouterLike, routeTemplate } from '../http/route-template.ts';
import { FAULT_KINDS, METRICS } from '../metric-definitions.ts';
import type { Telemetry } from '../telemetry.ts';
import { type Fault, parseFault } from './fault-schema.ts';
import { type RunningFault, startRunning } from './running-fault.ts';

/**
 * Trouble made on purpose, inside the service: errors, latency, a blocked event loop, leaked memory. Off unless enabled, every fault
 * has a time to live, none survives a restart. Faults of the database are real ones, made elsewhere.
 */

export type ActiveFault = Fault & { expiresAt: string };

export interface FaultOptions {
  telemetry: Telemetry;
  /** FAULTS_ENABLED. False: `/faults` answers 404 and the middleware does nothing. */
  enabled: boolean;
  /** FAULTS_TOKEN: bearer token of the management endpoint. Required when enabled, at least 16 characters. */
  token?: string | undefined;
}

export interface FaultController {
  readonly enabled: boolean;
  /** Express middleware, right behind `httpServerTelemetry`: what it does is seen in metrics, logs and traces. */
  middleware(): RequestHandler;
  /** Replaces a fault of the same kind and route. @throws FaultError on invalid input. */
  set(fault: unknown): ActiveFault;
  active(): ActiveFault[];
  /** Switches all faults off and lets go of leaked memory. */
  clear(): void;
  /** True when `Authorization` carries the token; compared in constant time. */
  authorizes(authorization: string | undefined): boolean;
}

/** @throws RangeError when enabled without a token of at least 16 characters. */
export function createFaults({ telemetry, enabled, token = '' }: FaultOptions): FaultController {
  if (enabled && token.length < 16) {
    throw new RangeError('FAULTS_TOKEN: expected at least 16 characters, because FAULTS_ENABLED is true');
  }
  const running = new Map<string, RunningFault>();
  telemetry.gauge(METRICS.faults_active, (gauge) => {
    for (const fault of FAULT_KINDS) gauge.set({ fault }, 0);
    for (const { fault } of running.values()) gauge.set({ fault: fault.fault }, 1);
  });

  const stop = (key: string) => {
    const entry = running.get(key);
    if (entry === undefined) return;
    running.delete(key);
    entry.stop();
    telemetry.logger.warn(`fault ${entry.fault.fault} switched off`, {
      'event.action': 'fault_end',
      'event.id': key,
    });
  };

  return {
    enabled,
    middleware() {
      if (!enabled) return (_request, _response, next) => next();
      return (request, response, next) => {
        if (running.size === 0) next();
        else applyFaults([...running.values()], request, response, next);
      };
    },
    set(input) {
      const fault = parseFault(input);
      const key = `${fault.fault} ${fault.route ?? ''}`;
      stop(key);
      const entry = startRunning(fault, () => stop(key));
      running.set(key, entry);
      telemetry.logger.warn(`fault ${fault.fault} switched on for ${fault.ttlSeconds} s`, {
        'event.action': 'fault_start',
        'event.id': key,
        fault: JSON.stringify(fault),
      });
      return { ...fault, expiresAt: entry.expiresAt };
    },
    active: () => [...running.values()].map(({ fault, expiresAt }) => ({ ...fault, expiresAt })),
    clear() {
      for (const key of [...running.keys()]) stop(key);
    },
    authorizes: bearerCheck(enabled ? token : undefined),
  };
}

function applyFaults(
  running: readonly RunningFault[],
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  const router = request.app.router as unknown as RouterLike;
  const route = namedRoute(request) ?? routeTemplate(request as unknown as RoutedRequest, router);
  let delay = 0;
  let statusCode: number | undefined;
  for (const entry of running) {
    const { fault } = entry;
    if (fault.route !== undefined && fault.route !== route) continue;
    entry.sawRequest();
    if (fault.fault === 'latency') delay += fault.milliseconds;
    if (fault.fault === 'error' && Math.random() < fault.ratio) statusCode = fault.statusCode ?? 500;
  }
  const go = () => {
    if (statusCode === undefined) next();
    else fail(request, response, statusCode);
  };
  if (delay > 0) setTimeout(go, delay);
  else go();
}

function fail(request: Request, response: Response, status: number): void {
  if (response.headersSent || response.destroyed) return;
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: 'Injected fault',
        status,
        code: 'injected_fault',
        detail: 'This error was switched on for an experiment.',
        requestId: request.requestId,
      }),
    );
}
