/**
 * The console's HTTP API: shapes of every request and response, shared by its server and its browser app.
 * Only zod schemas and types; no Node and no browser API. `docs` of each endpoint stand beside its schema.
 *
 * Conventions: JSON; errors are RFC 9457 problems (`problem.ts`); times in answers are ISO 8601 with milliseconds, durations
 * say their unit in their name; what may be missing is `null`, what the console could not find out is `Known<T>` "unknown".
 * A state-changing request from the browser needs the header `x-requested-with: lab-console` and the same origin (else 403).
 */
export * from './alerts.ts';
export * from './dashboards.ts';
export * from './experiments.ts';
export * from './inbox.ts';
export * from './lab.ts';
export * from './logs.ts';
export * from './overview.ts';
export * from './problem.ts';
export * from './query-language.ts';
export * from './runbooks.ts';
export * from './silences.ts';
export * from './time.ts';
export * from './traces.ts';
