/** Compares the ports: what Compose publishes has a Service, what is scraped is named `metrics`, and no Service has a management port. */
import type { Manifest, Part } from '@lab/manifest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { PlacedContainer } from '../placed-container.ts';
import type { Difference } from './difference.ts';

export function differencesOfPorts(
  part: Part,
  { container, namespace }: PlacedContainer,
  objects: readonly KubernetesObject[],
  { ports }: Manifest,
): Difference[] {
  const declared = container.ports ?? [];
  const service = objects.find(
    ({ kind, metadata }) =>
      kind === 'Service' && metadata.name === part.name && metadata.namespace === namespace,
  );
  const served = (service?.spec?.ports ?? []).map(({ targetPort }) =>
    declared.find(({ name }) => name === targetPort),
  );
  const published = ports.filter((each) => each.part === part.name && each.published);
  const difference = (fact: string, detail: string) => ({ part: part.name, fact, detail });

  const withoutService = published
    .filter(({ inside }) => !served.some((port) => port?.containerPort === inside))
    .map(({ inside }) => difference(`port ${inside}`, 'expected a port of its Service, got none'));
  const notScraped = part.scrapes
    .filter(({ port }, index) => {
      const name = declared.find(({ containerPort }) => containerPort === port)?.name;
      return index === 0 ? name !== 'metrics' : name === undefined;
    })
    .map(({ port }) =>
      difference(
        `port ${port}`,
        'expected it among the container’s ports, the scraped one by the name metrics',
      ),
    );
  const open = published.some(({ inside }) => inside === part.managementPort);
  const exposed = served
    .filter((port) => port?.containerPort === part.managementPort && part.application && !open)
    .map(() => difference(`port ${part.managementPort}`, 'expected the management port in no Service'));
  return [...withoutService, ...notScraped, ...exposed];
}
