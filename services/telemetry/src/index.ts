/**
 * What the services use to be observable: metrics, logs, traces, a management listener, faults and an orderly shutdown.
 * Owns how signals are made and named. Leaves to its users which routes, queries and jobs there are; imports no application.
 */

export { closeHttpServer } from './close-http-server.ts';
export { instrumentPool } from './database/instrument-pool.ts';
export type { ActiveFault, FaultController, FaultOptions } from './faults/fault-controller.ts';
export { createFaults } from './faults/fault-controller.ts';
export { type Fault, FaultError } from './faults/fault-schema.ts';
export type { GracefulShutdown, GracefulShutdownOptions } from './graceful-shutdown.ts';
export { gracefulShutdown } from './graceful-shutdown.ts';
export { declareRoutes } from './http/http-metrics.ts';
export type { OutgoingCall } from './http/outgoing.ts';
export { injectTraceHeaders, startClientSpan, tracedFetch } from './http/outgoing.ts';
export { nameRoute, requestId, requestLogger } from './http/request-scope.ts';
export { listRoutes } from './http/route-template.ts';
export { httpServerTelemetry } from './http/server-telemetry.ts';
export type { HttpServerTelemetryOptions } from './http/types.ts';
export type { ServiceIdentity } from './identity.ts';
export { serviceIdentity } from './identity.ts';
export { createJobScope, type Job } from './jobs/job-scope.ts';
export { type JobTraceContext, jobTraceContext, runLinked } from './jobs/trace-context.ts';
export type { LogFields, Logger, LogOptions } from './logging/types.ts';
export type { ManagementServer, ManagementServerOptions } from './management/management-server.ts';
export { createManagementServer } from './management/management-server.ts';
export * from './metric-definitions.ts';
export * from './metrics/definition.ts';
export type { HistogramChild, LeanHistogram } from './metrics/lean-histogram.ts';
export { readServiceSettings, type ServiceConfig } from './service-settings.ts';
export type { Telemetry, TelemetryOptions } from './telemetry.ts';
export { createTelemetry } from './telemetry.ts';
export { countDroppedSpans } from './tracing/span-drops.ts';
export type { TracingHandle, TracingOptions } from './tracing/start-tracing.ts';
export { startTracing } from './tracing/start-tracing.ts';
