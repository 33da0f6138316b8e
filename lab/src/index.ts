/**
 * The public face of the lab: what the tests of a running lab and the makers' tools build upon. Owns nothing itself. The load
 * engines have an entrance of their own (`@lab/cli/load`), and so has the search for a browser (`@lab/cli/browser`): Playwright reads
 * it in each of its processes, which have no use for the rest.
 */

// Experiments and the reports of their runs.
export { readExperiments } from './chaos/experiment/catalogue.ts';
export { chooseExperiments } from './chaos/experiment/choose.ts';
export { type ReportedExperiment, type RunReport, runReportSchema } from './chaos/report/run-report.ts';
export { median } from './chaos/report/summary.ts';
// The command line: what a command is, how it ends, what it prints.
export type { Command, CommandContext } from './cli/command.ts';
export { CannotRun, describeError, PromiseBroken } from './cli/failure.ts';
export { formatDuration, table } from './cli/output.ts';
export { runProgram } from './cli/run-program.ts';
export { chaos } from './commands/chaos.ts';
export { load } from './commands/load.ts';
export { up } from './commands/up.ts';
export { proportionalMemory } from './process/memory.ts';
export { runCommand } from './process/run-command.ts';
// Questions to it.
export { type ProbeRequest, sendProbeRequest, signInAsLab } from './readiness/probe-request.ts';
export { firingAlerts, query } from './readiness/prometheus-client.ts';
export { readBack } from './readiness/read-back.ts';
// Recorded incidents, and rules played against them.
export { readRecording, recordingBytes, recordingFolder, recordingNames } from './recordings/recording.ts';
export { ensurePrometheusProgram } from './rehearsal/prometheus-program.ts';
export { readSources, rehearse } from './rehearsal/rehearse.ts';
// The settings of a lab and where its files lie.
export { ensureEnvironmentFile } from './settings/environment-file.ts';
export type { Mode } from './settings/mode.ts';
export { type LabPaths, labPaths } from './settings/paths.ts';
export { loadSettings, type Settings } from './settings/settings.ts';
export { portsOfMode, SECRET_NAMES } from './settings/variables.ts';
// Log lines and traces, wherever they are kept.
export { discover } from './signals/elasticsearch.ts';
export { type AnsweredRequest, accountForLines } from './signals/log-accounting.ts';
export type { LogStore } from './signals/log-store.ts';
export type { TraceStore } from './signals/trace-store.ts';
// The running lab.
export { ComposeCommand, requireEngine } from './stack/full/compose-command.ts';
export { FullStack } from './stack/full/stack.ts';
export { render, toYaml } from './stack/kubernetes/rendered.ts';
export { KubernetesStack } from './stack/kubernetes/stack.ts';
export { buildInterfaces } from './stack/lite/interface-build.ts';
export { openRunningStack, openStackInUse, rememberMode } from './stack/open-stack.ts';
export type { PartReport, Stack, Viewers } from './stack/stack.ts';
export { until } from './wait.ts';
