/** Each connection of compose.yaml is allowed, and none between parts that Compose's networks keep apart. */
import { type Part, readManifest, withDefaults } from '@lab/manifest';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../src/index.ts';
import { containersOf, mountedFiles, type PlacedContainer } from '../src/placed-container.ts';
import { isAllowed, type Pod } from './support/policies.ts';

const objects = readManifests();
const { parts } = readManifest();
const containers = containersOf(objects);
const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
/** base/kustomization.yaml gives every object, the namespaces too, the label by which Prometheus and the blackbox exporter know them. */
const namespaces = new Map<string, Record<string, string>>(
  objects
    .filter(({ kind }) => kind === 'Namespace')
    .map(({ metadata }) => [
      metadata.name,
      { 'kubernetes.io/metadata.name': metadata.name, 'app.kubernetes.io/part-of': 'observability-lab' },
    ]),
);

const placed = parts.flatMap((part) => {
  const found = containers.find(({ container }) => container.name === part.name);
  return found ? [{ part, found }] : [];
});
/** Their files tell of addresses that they do not ask: dashboards, runbooks, scripts, what the blackbox exporter is to look at. */
const TELLING = ['console', 'k6', 'prometheus'];

const find = (name: string) => placed.find(({ part }) => part.name === name)?.found;

describe.each(connections())('$from asks $to on port $port', ({ from, to, port }) => {
  it('is allowed', () => expect(reaches(from, to, port)).toBe(true));
});

it('lets nobody reach a part with which Compose shares no network', () => {
  const opened = placed.flatMap(({ part: one, found: from }) =>
    placed
      .filter(({ part }) => part !== one && !shareNetwork(one, part))
      .flatMap(({ part: other, found: to }) =>
        portsOf(to)
          .filter((port) => isAllowed(podOf(from), podOf(to), port, policies, namespaces))
          .map((port) => `${one.name} → ${other.name}:${port}`),
      ),
  );
  expect(opened).toEqual([]);
});

it.each([
  ['web', 'postgres', 5432],
  ['web', 'toxiproxy', 5432],
  ['web', 'elasticsearch', 9200],
  ['web', 'api', 9464],
  ['api', 'web', 9464],
  ['worker', 'api', 9464],
  ['grafana', 'api', 9464],
  ['k6', 'api', 3001],
  ['k6', 'postgres', 5432],
])('keeps %s from %s on port %i', (from, to, port) => {
  expect(reaches(from, to, port)).toBe(false);
});

it('denies both ways in every namespace what no other policy allows', () => {
  for (const namespace of namespaces.keys()) {
    const stranger: Pod = { namespace, labels: { app: 'stranger' } };
    for (const { found } of placed)
      for (const port of portsOf(found)) {
        expect(isAllowed(stranger, podOf(found), port, policies, namespaces)).toBe(false);
        expect(isAllowed(podOf(found), stranger, port, policies, namespaces)).toBe(
          // They may ask any pod of the lab that lets them in; this one has no policy of its own and so lets nobody in.
          false,
        );
      }
  }
});

it('lets every pod ask for addresses', () => {
  const dns: Pod = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
  const rooms = new Map<string, Record<string, string>>([
    ...namespaces,
    ['kube-system', { 'kubernetes.io/metadata.name': 'kube-system' }],
  ]);
  for (const { found } of placed) expect(isAllowed(podOf(found), dns, 53, policies, rooms)).toBe(true);
});

/** Returns who asks whom: addresses in variables, arguments and configuration; what is scraped; what is looked at. */
function connections(): { from: string; to: string; port: number }[] {
  const found = [
    ...placed.flatMap(({ part, found: container }) => addressesIn(textOf(part, container), part)),
    ...parts.flatMap(({ name, scrapes }) =>
      scrapes.map(({ port }) => ({ from: 'prometheus', to: name, port })),
    ),
    ...parts.flatMap(({ probes }) =>
      probes.flatMap(({ target }) => addressesIn(target, { name: 'blackbox-exporter' })),
    ),
  ];
  const known = found.filter(
    ({ from, to }) => find(from) && find(to) && find(from)?.workload !== find(to)?.workload,
  );
  return [...new Map(known.map((each) => [JSON.stringify(each), each])).values()];
}

function textOf({ name, compose }: Part, container: PlacedContainer): string {
  const told = JSON.stringify([compose.environment, compose.command, compose.entrypoint]);
  const files = TELLING.includes(name) ? [] : [...mountedFiles(container, objects).values()];
  return [withDefaults(told), ...files].join('\n');
}

function addressesIn(text: string, { name }: { name: string }): { from: string; to: string; port: number }[] {
  const together = [...text.matchAll(/(?<![\w.-])([a-z][a-z-]+)(?:\.[a-z-]+)?:(\d{2,5})\b/g)];
  const apart = [...text.matchAll(/^\s*host ([a-z-]+)\n\s*port (\d+)$/gm)];
  return [...together, ...apart]
    .map(([, to = '', port]) => ({ from: name, to, port: Number(port) }))
    .filter(({ to, port }) => parts.some((part) => part.name === to) && portsOf(find(to)).includes(port));
}

function reaches(from: string, to: string, port: number): boolean {
  const [one, other] = [find(from), find(to)];
  if (!one || !other) throw new Error(`expected ${from} and ${to} in the manifests`);
  return isAllowed(podOf(one), podOf(other), port, policies, namespaces);
}

function podOf({ workload, namespace }: PlacedContainer): Pod {
  return { namespace, labels: workload.spec?.template?.metadata?.labels ?? {} };
}

function portsOf(container: PlacedContainer | undefined): number[] {
  return (container?.container.ports ?? []).map(({ containerPort }) => containerPort);
}

function shareNetwork({ compose }: Part, other: Part): boolean {
  return (compose.networks ?? []).some((network) => other.compose.networks?.includes(network));
}
