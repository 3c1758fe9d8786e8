import { at, isFields, labelsAt, listAt, textAt, textsAt, type Fields } from '../../lib/kubernetes/read';

/**
 * What NetworkPolicies mean, as rules of nftables: no policy engine of the field can be built from the module proxy.
 *
 * A side of a pod that no policy selects is open; one that is selected lets pass what any of its policies names. What a
 * node sends to its own pods passes always. Each node judges its own pods: what leaves them where it leaves, what
 * reaches them where it arrives. Addresses of Services have become those of pods by then.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export const TABLE = 'e2e-policies';

export interface Cluster {
  readonly pods: readonly Fields[];
  readonly namespaces: readonly Fields[];
  readonly policies: readonly Fields[];
}

type Direction = 'ingress' | 'egress';

const SIDES = {
  ingress: { type: 'Ingress', peers: 'from', own: 'daddr', other: 'saddr' },
  egress: { type: 'Egress', peers: 'to', own: 'saddr', other: 'daddr' },
} as const;

/** The table of one node, to be loaded as a whole. */
export function tableOf(node: string, cluster: Cluster): string {
  const pods = cluster.pods.filter(hasAddress);
  const local = pods
    .filter((pod) => textAt(pod, 'spec', 'nodeName') === node)
    .sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
  const chains: string[] = [];
  const jumps: Record<Direction, string[]> = { ingress: [], egress: [] };
  for (const [index, pod] of local.entries()) {
    for (const direction of ['ingress', 'egress'] as const) {
      const selecting = cluster.policies.filter((policy) => selects(policy, pod, direction));
      if (selecting.length === 0) continue;
      const terms = selecting.flatMap((policy) => termsOf(policy, direction, pod, { ...cluster, pods }));
      const name = `${direction}-${String(index)}`;
      const self = `ip saddr ${addressOf(pod)} ip daddr ${addressOf(pod)}`;
      const lines = [...new Set([self, ...terms])].map((term) => `    ${`${term} accept`.trim()}\n`);
      chains.push(`  chain ${name} {\n${lines.join('')}    counter drop\n  }\n`);
      jumps[direction].push(`${addressOf(pod)} : jump ${name}`);
    }
  }
  return `table inet ${TABLE}
delete table inet ${TABLE}
table inet ${TABLE} {
${chains.join('')}${hook('leaves-node', 'forward', -10, 'egress', jumps)}${hook('leaves-to-node', 'input', -10, 'egress', jumps)}${hook('arrives', 'forward', -5, 'ingress', jumps)}}
`;
}

function hook(
  name: string,
  where: string,
  priority: number,
  direction: Direction,
  jumps: Readonly<Record<Direction, readonly string[]>>,
): string {
  const map = jumps[direction];
  const lines = [
    `type filter hook ${where} priority ${String(priority)}`,
    'ct state established,related accept',
    ...(map.length > 0 ? [`ip ${SIDES[direction].own} vmap { ${map.join(', ')} }`] : []),
  ];
  return `  chain ${name} {\n${lines.map((line) => `    ${line};\n`).join('')}  }\n`;
}

const addressOf = (pod: Fields) => textAt(pod, 'status', 'podIP') ?? '';
const namespaceOf = (object: Fields) => textAt(object, 'metadata', 'namespace') ?? '';

/** Pods that have ended keep the address that another one may have by now; those on the host's network have none. */
function hasAddress(pod: Fields): boolean {
  const ended = ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');
  return addressOf(pod) !== '' && !ended && at(pod, 'spec', 'hostNetwork') !== true;
}

function selects(policy: Fields, pod: Fields, direction: Direction): boolean {
  // The API server fills in the types.
  return (
    namespaceOf(policy) === namespaceOf(pod) &&
    matches(at(policy, 'spec', 'podSelector'), labelsAt(pod, 'metadata', 'labels')) &&
    textsAt(policy, 'spec', 'policyTypes').includes(SIDES[direction].type)
  );
}

/** An empty selector selects everything. */
export function matches(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const equal = Object.entries(labelsAt(selector, 'matchLabels'));
  if (!equal.every(([key, value]) => labels[key] === value)) return false;
  return listAt(selector, 'matchExpressions').every((expression) => {
    const key = String(expression['key']);
    const has = Object.hasOwn(labels, key);
    const listed = has && textsAt(expression, 'values').includes(labels[key] ?? '');
    switch (expression['operator']) {
      case 'In':
        return listed;
      case 'NotIn':
        return !listed;
      case 'Exists':
        return has;
      case 'DoesNotExist':
        return !has;
      default:
        throw new Error(`unknown operator of a selector: ${String(expression['operator'])}`);
    }
  });
}

/** Conditions of nftables; each of them lets pass. */
function termsOf(policy: Fields, direction: Direction, pod: Fields, cluster: Cluster): readonly string[] {
  const { peers, other } = SIDES[direction];
  return listAt(policy, 'spec', direction).flatMap((rule) => {
    const ports = listAt(rule, 'ports');
    const named = ports.some(({ port }) => typeof port === 'string');
    const listed = listAt(rule, peers);
    const anyone = listed.length === 0;
    // A named port is one of the pod that is reached.
    if (anyone && direction === 'egress' && named)
      return cluster.pods.flatMap((target) => toPod(other, target, portTerms(ports, target)));
    if (anyone) return portTerms(ports, direction === 'ingress' ? pod : undefined);
    return listed.flatMap((peer) => {
      const block = at(peer, 'ipBlock');
      if (isFields(block)) {
        const terms = portTerms(ports, direction === 'ingress' ? pod : undefined);
        return blockTerm(other, block).flatMap((term) => terms.map((port) => `${term} ${port}`.trim()));
      }
      return podsOf(peer, namespaceOf(policy), cluster).flatMap((found) =>
        toPod(other, found, portTerms(ports, direction === 'ingress' ? pod : found)),
      );
    });
  });
}

const toPod = (side: string, pod: Fields, ports: readonly string[]) =>
  ports.map((port) => `ip ${side} ${addressOf(pod)} ${port}`.trim());

/** Networks of IPv6 concern no pod here. */
function blockTerm(side: string, block: Fields): readonly string[] {
  const cidr = textAt(block, 'cidr') ?? '';
  if (cidr.includes(':')) return [];
  const except = textsAt(block, 'except').map((network) => ` ip ${side} != ${network}`);
  return [`ip ${side} ${cidr}${except.join('')}`];
}

/** Without a selector of namespaces the policy's own is meant; without one of pods, all of them. */
function podsOf(peer: Fields, own: string, { pods, namespaces }: Cluster): readonly Fields[] {
  const spaces = at(peer, 'namespaceSelector');
  const meant = (namespace: string) =>
    spaces === undefined
      ? namespace === own
      : namespaces.some(
          (each) =>
            textAt(each, 'metadata', 'name') === namespace &&
            matches(spaces, labelsAt(each, 'metadata', 'labels')),
        );
  return pods.filter(
    (pod) => meant(namespaceOf(pod)) && matches(at(peer, 'podSelector'), labelsAt(pod, 'metadata', 'labels')),
  );
}

/** No ports: all of them, and every protocol. A name that the pod does not have: none. */
function portTerms(ports: readonly Fields[], target: Fields | undefined): readonly string[] {
  if (ports.length === 0) return [''];
  return ports.flatMap(({ protocol, port, endPort }) => {
    const transport = (typeof protocol === 'string' ? protocol : 'TCP').toLowerCase();
    if (port === undefined) return [`meta l4proto ${transport}`];
    if (typeof port === 'number')
      return [
        `${transport} dport ${String(port)}${typeof endPort === 'number' ? `-${String(endPort)}` : ''}`,
      ];
    if (!target) return [];
    return containerPorts(target)
      .filter(
        (each) => each['name'] === port && (textAt(each, 'protocol') ?? 'TCP').toLowerCase() === transport,
      )
      .map((each) => `${transport} dport ${String(each['containerPort'])}`);
  });
}

const containerPorts = (pod: Fields) =>
  ['containers', 'initContainers'].flatMap((kind) =>
    listAt(pod, 'spec', kind).flatMap((container) => listAt(container, 'ports')),
  );
