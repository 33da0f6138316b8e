/**
 * Metrics and logs as the exercise writes them, faults included (a wall clock, `finish` only, labels hashed for every
 * observation, a coloured console with two lines a request): what the lab's library is measured against.
 */
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import winston from 'winston';

const buckets = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10];

export function textbookMiddleware(): RequestHandler[] {
  const registers = [new Registry()];
  collectDefaultMetrics({ register: registers[0] as Registry });
  const labelNames = ['method', 'route', 'status_code'];
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests in seconds',
    labelNames,
    buckets,
    registers,
  });
  const total = new Counter({ name: 'http_requests_total', help: 'Requests', labelNames, registers });
  const logger = winston.createLogger({
    level: 'info',
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    defaultMeta: { service: 'taskmanager-api' },
    transports: [
      new winston.transports.Console({
        format: winston.format.combine(
          winston.format.colorize(),
          winston.format.printf(
            ({ timestamp, level, message, ...rest }) =>
              `${timestamp} ${level}: ${message} ${JSON.stringify(rest)}`,
          ),
        ),
      }),
    ],
  });

  const metrics: RequestHandler = (request, response, next) => {
    const start = Date.now();
    response.on('finish', () => {
      const route = request.route ? request.route.path : request.path;
      const labels = [request.method, route, response.statusCode.toString()] as const;
      duration.labels(...labels).observe((Date.now() - start) / 1000);
      total.labels(...labels).inc();
    });
    next();
  };
  const logs: RequestHandler = (request, response, next) => {
    const requestId = request.headers['x-request-id'] ?? randomUUID();
    const child = logger.child({ requestId, path: request.path, method: request.method, ip: request.ip });
    child.info('Request received');
    const start = Date.now();
    response.on('finish', () => {
      child.info('Response sent', {
        statusCode: response.statusCode,
        duration: Date.now() - start,
        contentLength: response.get('Content-Length'),
      });
    });
    next();
  };
  return [metrics, logs];
}
