/** Decides as a network plug-in would whether NetworkPolicies let one pod reach a port of another. */
import type { KubernetesObject, PolicyRule, Selector } from '../../src/kubernetes-object.ts';

export interface Pod {
  namespace: string;
  labels: Record<string, string>;
}

type Direction = 'Ingress' | 'Egress';

/** Allowed is what both sides allow: the policies on the one that asks, and those on the one that is asked. */
export function isAllowed(
  from: Pod,
  to: Pod,
  port: number,
  policies: readonly KubernetesObject[],
  namespaces: ReadonlyMap<string, Record<string, string>>,
): boolean {
  const passes = (direction: Direction, pod: Pod, other: Pod) => {
    const selecting = policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === pod.namespace &&
        spec?.policyTypes?.includes(direction) &&
        matches(spec.podSelector, pod.labels),
    );
    if (selecting.length === 0) return true;
    return selecting.some(({ spec }) =>
      ((direction === 'Ingress' ? spec?.ingress : spec?.egress) ?? []).some((rule) =>
        lets(rule, direction, pod.namespace, other),
      ),
    );
  };
  const lets = (rule: PolicyRule, direction: Direction, own: string, other: Pod) => {
    if (rule.ports && !rule.ports.some((each) => each.port === port && (each.protocol ?? 'TCP') === 'TCP'))
      return false;
    const peers = direction === 'Ingress' ? rule.from : rule.to;
    if (peers === undefined) return true;
    return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
      // Pods have addresses, too: a block that holds them all lets every pod pass on its ports.
      if (ipBlock) return true;
      const rooms = namespaceSelector
        ? matches(namespaceSelector, namespaces.get(other.namespace) ?? {})
        : other.namespace === own;
      return rooms && matches(podSelector ?? {}, other.labels);
    });
  };
  return passes('Egress', from, to) && passes('Ingress', to, from);
}

function matches(
  { matchLabels = {}, matchExpressions = [] }: Selector = {},
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}
