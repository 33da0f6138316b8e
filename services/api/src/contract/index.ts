/**
 * The public face of the API for its clients: schemas and types, nothing that runs only on a server. The queue's
 * side is `taskmanager-api/contract/jobs`.
 */
export * from './http.ts';
export * from './notifications.ts';
export * from './problem.ts';
export * from './tasks.ts';
export * from './users.ts';
