/** What the tests of several packages share: waiting for conditions, ports, databases, a span sink. Imported by tests only. */
export { eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
