/**
 * What a program of ours beside `lab` is made of: a command and how it ends, calls of other programs, paths, waiting. It knows nothing
 * of a running lab, so that what the lab itself stands upon (the cluster) can be built from it without a circle.
 */
export type { Command, CommandContext } from './cli/command.ts';
export { takeLock } from './cli/command-lock.ts';
export { CannotRun, describeError, PromiseBroken } from './cli/failure.ts';
export { formatDuration, formatMebibytes } from './cli/output.ts';
export { runProgram } from './cli/run-program.ts';
export { signalProcess } from './process/end-process.ts';
export { proportionalMemory } from './process/memory.ts';
export { isRunning, type ProcessIdentity, processTable, withDescendants } from './process/process-table.ts';
export { type CommandOptions, type CommandResult, runCommand } from './process/run-command.ts';
export { type LabPaths, labPaths } from './settings/paths.ts';
export { makePrivateFolder } from './settings/private-folder.ts';
export { withAppendStream } from './supervisor/output-file.ts';
export { until } from './wait.ts';
