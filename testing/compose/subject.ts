/** What the checks look at: the lab under test, and how its containers are reached. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  type FullStack,
  type LabPaths,
  type PartReport,
  type ProbeRequest,
  type Settings,
  sendProbeRequest,
  until,
} from '@lab/cli';
import type { Options } from './options.ts';

export interface Check {
  title: string;
  /** Parts without which it is left out; default: none. */
  needs?: readonly string[];
  run(signal: AbortSignal): Promise<void>;
}

/** Several lists are tried side by side: what waits most of the time need not wait in turn. */
export type Step = Check | readonly (readonly Check[])[];

export interface Subject {
  stack: FullStack;
  paths: LabPaths;
  settings: Settings;
  leftOut: readonly string[];
  options: Options;
  /** What is counted on the way, for docs/figures/verification.json. */
  counts: Record<string, number>;
  /** What is released at the end, whatever happens: also after an interruption. */
  releases: AsyncDisposableStack;
  /** A line of progress. */
  say(line: string): void;
}

/** For what takes as long as a busy machine takes. */
export const SLOW = { deadlineMs: 120_000, everyMs: 500 };

export async function reportOf(stack: FullStack, part: string): Promise<PartReport> {
  const found = (await stack.status({ memory: false })).find(({ name }) => name === part);
  assert(found, `${part} has no container`);
  return found;
}

export async function untilReady(stack: FullStack, part: string, signal: AbortSignal): Promise<void> {
  await until(`${part} to be ready`, async () => (await reportOf(stack, part)).state === 'ready', {
    ...SLOW,
    deadlineMs: 5 * 60_000,
    signal,
  });
}

export function request({ stack, settings }: Subject, signal: AbortSignal): Promise<ProbeRequest> {
  return sendProbeRequest(stack.addresses.web, settings.secrets.SESSION_SECRET, signal);
}

export function untilPasses(subject: Subject, signal: AbortSignal): Promise<ProbeRequest> {
  return until('a request to pass', () => request(subject, signal), { ...SLOW, signal });
}

export const elasticsearchUrl = ({ settings }: Pick<Subject, 'settings'>) =>
  `http://127.0.0.1:${settings.ports.ELASTICSEARCH_PORT}`;

/** A command of the engine, to its end. */
export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: 'pipe' });
}

export function inContainer(part: string, ...command: string[]): string {
  return docker('exec', containerId(part), ...command);
}

export function containerId(part: string, project = process.env['COMPOSE_PROJECT_NAME'] ?? ''): string {
  const filters = [`label=com.docker.compose.project=${project}`, `label=com.docker.compose.service=${part}`];
  return docker('ps', '--all', '--quiet', ...filters.flatMap((filter) => ['--filter', filter])).trim();
}

/** Host port and address of each published port, `127.0.0.1:8080`. */
export function published(part: string): string[] {
  return docker('port', containerId(part))
    .split('\n')
    .flatMap((line) => line.split(' -> ')[1] ?? []);
}
