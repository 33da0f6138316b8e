/** What the tests of several packages share: waiting for conditions, ports, databases, a span sink. Imported by tests only. */
export { type ConsoleProgram, LAB_TOKEN, OWN_PAGES, startConsole } from './console-program.ts';
export { eventually } from './eventually.ts';
export { claimPorts, freePort, type PortBlock } from './free-port.ts';
export { type Load, type LoadResult, startLoad } from './load.ts';
export { type OtlpSink, startOtlpSink } from './otlp-sink.ts';
export { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';
export { patiently } from './patiently.ts';
export { type Exit, type LogLine, type Program, type ProgramOptions, startProgram } from './program.ts';
export { rewordedRules } from './reworded-rules.ts';
export { type Served, serve } from './serve.ts';
export {
  type Account,
  type Answer,
  createTaskClient,
  NoAnswerError,
  type TaskClient,
} from './task-client.ts';
export { startTaskManager, type TaskManager, type TaskManagerOptions } from './task-manager.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
