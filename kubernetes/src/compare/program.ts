/** Compares what is started: image, command, user, limits. */
import type { ComposeService, Part } from '@lab/manifest';
import { mebibytes, withDefaults } from '@lab/manifest';
import type { PlacedContainer } from '../placed-container.ts';
import type { Difference } from './difference.ts';

/** Numbers of the users that compose.yaml names and Kubernetes must have as numbers. */
const USERS: Readonly<Record<string, string>> = { node: '1000', postgres: '999', root: '0' };

export function differencesOfProgram({ name, compose }: Part, placed: PlacedContainer): Difference[] {
  const { container, pod } = placed;
  const [user = '', group] = (compose.user ?? '').split(':');
  const runAs = { ...pod.securityContext, ...container.securityContext };
  const expected: [fact: string, wanted: unknown, found: unknown][] = [
    ['image', withDefaults(compose.image), container.image],
    ['command', texts(compose.entrypoint), container.command],
    ['args', texts(compose.command), container.args],
    ['user', USERS[user] ?? user, String(runAs.runAsUser)],
    ...(group === undefined ? [] : [['group', group, String(runAs.runAsGroup)] as [string, string, string]]),
    ['read-only root file system', compose.read_only, runAs.readOnlyRootFilesystem],
    ['memory', `${mebibytes(compose.mem_limit)}Mi`, container.resources?.limits?.['memory']],
    ['processors', milli(compose.cpus), milli(Number(cpus(container.resources?.limits?.['cpu'])))],
  ];
  const differing = expected.flatMap(([fact, wanted, found]) =>
    JSON.stringify(wanted) === JSON.stringify(found)
      ? []
      : [{ part: name, fact, detail: `expected ${show(wanted)}, got ${show(found)}` }],
  );
  return [...differing, ...tooShort(name, compose, placed)];
}

/** A pod must have at least the time to end that its container has in Compose. */
function tooShort(part: string, { stop_grace_period }: ComposeService, { pod }: PlacedContainer) {
  const wanted = Number.parseInt(stop_grace_period ?? '10s', 10);
  const found = pod.terminationGracePeriodSeconds ?? 30;
  if (found >= wanted) return [];
  return [{ part, fact: 'time to end', detail: `expected at least ${wanted} s, got ${found} s` }];
}

function texts(list: readonly string[] | undefined): string[] | undefined {
  return list?.map((each) => withDefaults(String(each)));
}

/** Returns processors of a quantity such as `500m` or `1`. */
function cpus(quantity = '0'): number {
  return quantity.endsWith('m') ? Number.parseInt(quantity, 10) / 1000 : Number(quantity);
}

function milli(processors = 0): string {
  return `${Math.round(processors * 1000)}m`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
