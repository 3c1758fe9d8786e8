import { overlap } from './cidr';
import type { KubernetesObject } from './object';
import { at, labelsAt, listAt, textAt, textsAt, type Fields } from './read';

/** A pod, as policies know it. */
export interface PodEnd {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One end of a connection: a pod, or an address outside of the cluster. */
export type End = PodEnd | { readonly address: string };

/** A port by number, with the name that its container gives it. */
export interface Port {
  readonly number: number;
  readonly name?: string;
}

/** Whether the policies let a connection through, by the rules of Kubernetes: both ends must agree. */
export function isOpen(policies: readonly KubernetesObject[], from: End, to: End, port: Port): boolean {
  return allows(policies, 'Egress', from, to, port) && allows(policies, 'Ingress', to, from, port);
}

/** Every namespace here denies what no policy names, so a pod that none selects reaches nothing. */
function allows(
  policies: readonly KubernetesObject[],
  direction: 'Ingress' | 'Egress',
  own: End,
  other: End,
  port: Port,
): boolean {
  if ('address' in own) return true;
  const [rules, peers] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
  return policies
    .filter(
      (policy) =>
        policy.metadata.namespace === own.namespace &&
        textsAt(policy, 'spec', 'policyTypes').includes(direction) &&
        selects(at(policy, 'spec', 'podSelector'), own.labels),
    )
    .flatMap((policy) => listAt(policy, 'spec', rules))
    .some((rule) => hasPort(rule, port) && hasPeer(listAt(rule, peers), own.namespace, other));
}

function hasPort(rule: Fields, { number, name }: Port): boolean {
  const ports = listAt(rule, 'ports').filter(({ protocol }) => protocol === 'TCP');
  if (listAt(rule, 'ports').length === 0) return true;
  return ports.some(({ port, endPort }) => {
    const inRange =
      typeof port === 'number' && typeof endPort === 'number' && port <= number && number <= endPort;
    return inRange || port === undefined || port === number || port === name;
  });
}

function hasPeer(peers: readonly Fields[], own: string, other: End): boolean {
  if (peers.length === 0) return true;
  return peers.some((peer) => {
    const block = at(peer, 'ipBlock', 'cidr');
    if ('address' in other) {
      const inside = (cidr: unknown) => typeof cidr === 'string' && contains(cidr, other.address);
      return inside(block) && !textsAt(peer, 'ipBlock', 'except').some(inside);
    }
    if (block !== undefined) return false;
    const namespaces = labelsAt(peer, 'namespaceSelector', 'matchLabels');
    const namespace = namespaces['kubernetes.io/metadata.name'] ?? own;
    return namespace === other.namespace && selects(at(peer, 'podSelector'), other.labels);
  });
}

/** Whether a label selector takes a pod. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  return (
    Object.entries(labelsAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value) &&
    listAt(selector, 'matchExpressions').every((expression) => {
      const value = labels[textAt(expression, 'key') ?? ''];
      const operator = textAt(expression, 'operator');
      if (operator === 'Exists') return value !== undefined;
      const found = value !== undefined && textsAt(expression, 'values').includes(value);
      return found === (operator === 'In');
    })
  );
}

/** Whether a network in CIDR notation has an address. */
export function contains(cidr: string, address: string): boolean {
  return overlap(cidr, `${address}/${address.includes(':') ? '128' : '32'}`);
}
