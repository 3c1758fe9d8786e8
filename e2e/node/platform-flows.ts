import type { Site } from '../../lib/site/schema';
import { textAt, type Fields } from '../../lib/kubernetes/read';
import { ownAddress, type NetworkPlan } from '../cluster/network';
import {
  CERT_MANAGER_PODS,
  declaredFlows,
  LONGHORN_PODS,
  otherNamespaces,
  plain,
  PLAIN,
  PORTS,
  WORLD,
} from './declared-flows';
import { items, namespace, probePod } from './pods';
import { insideOf, insideOfNode, tryTargets, type Inside } from './probe';

/** Somewhere flows come from and go to. */
interface Place {
  readonly name: string;
  /** @default nobody is reached there */
  readonly address?: string;
  /** @default nothing comes from there */
  readonly inside?: Inside;
  /** Node of a pod: it may always reach its own pods. */
  readonly node?: string;
}

const LONGHORN = 'longhorn-system';

/** Objects of the suite's own that flows are tried between. */
export function placeObjects(site: Site, network: NetworkPlan): object[] {
  const node = (index: number) => ({ node: network.nodes[index % network.nodes.length]?.name ?? '' });
  const tolerant = { spec: { tolerations: [{ operator: 'Exists' }] } };
  return [
    ...Object.values(otherNamespaces(site)).map((name) => namespace(name)),
    ...Object.entries(LONGHORN_PODS).map(([name, labels], index) =>
      probePod({ namespace: LONGHORN, name: `e2e-${name}`, labels, ...node(index), ...tolerant }),
    ),
    ...PLAIN.map((space, index) =>
      probePod({ namespace: space, name: 'e2e-plain', ...node(index), ...tolerant }),
    ),
    ...Object.entries(otherNamespaces(site)).map(([name, space], index) =>
      probePod({ namespace: space, name: `e2e-${name}`, ...node(index), ...tolerant }),
    ),
  ];
}

function places(site: Site, network: NetworkPlan): readonly Place[] {
  const podPlace = (name: string, pod: Fields | undefined): Place => {
    const [address, node] = [textAt(pod, 'status', 'podIP'), textAt(pod, 'spec', 'nodeName')];
    if (!pod || address === undefined || node === undefined) throw new Error(`there is no pod for ${name}`);
    return { name, address, node, inside: insideOf(pod, network) };
  };
  const probe = (name: string, space: string, pod: string) =>
    podPlace(name, items(['pods', `--namespace=${space}`, `--selector=e2e/probe=${pod}`])[0]);
  const { namespace: dnsSpace, podLabels } = site.cluster.dns;
  const dns = Object.entries(podLabels)
    .map((pair) => pair.join('='))
    .join(',');
  return [
    ...CERT_MANAGER_PODS.map((name) =>
      podPlace(
        name,
        items([
          'pods',
          '--namespace=cert-manager',
          `--selector=app.kubernetes.io/component=${name}`,
          '--field-selector=status.phase=Running',
        ])[0],
      ),
    ),
    ...Object.keys(LONGHORN_PODS).map((name) => probe(name, LONGHORN, `e2e-${name}`)),
    ...PLAIN.map((space) => probe(plain(space), space, 'e2e-plain')),
    ...Object.entries(otherNamespaces(site)).map(([name, space]) => probe(name, space, `e2e-${name}`)),
    ...items(['pods', `--namespace=${dnsSpace}`, `--selector=${dns}`])
      .slice(0, 1)
      .map((pod) => ({ name: 'dns', address: textAt(pod, 'status', 'podIP') ?? '' })),
    ...network.apiServer.slice(0, 1).map((address) => ({ name: 'api server', address })),
    ...Object.entries(WORLD).map(([name, address]) => ({ name, address })),
    { name: 'api machine', inside: `/proc/${String(process.pid)}/ns/net` },
    ...network.nodes.map(({ name, namespace: own }) => ({
      name: 'another node',
      inside: insideOfNode(own),
      node: name,
    })),
  ];
}

export interface Tried {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly passes: boolean;
  readonly declared: boolean;
}

/** Tries every port of every place from every place. */
export async function tryFlows(site: Site, network: NetworkPlan): Promise<readonly Tried[]> {
  for (const address of Object.values(WORLD)) ownAddress(address);
  const declared = declaredFlows(site);
  const all = places(site, network);
  const tried: Tried[] = [];
  for (const source of all) {
    const { inside } = source;
    if (inside === undefined) continue;
    const targets = all.filter(
      ({ name, address, node }) =>
        address !== undefined &&
        name !== source.name &&
        !(source.name === 'another node' && node === source.node) &&
        // This machine owns these addresses.
        !(source.name === 'api machine' && (name === 'api server' || name in WORLD)),
    );
    const flows = targets.flatMap(({ name, address = '' }) =>
      PORTS.map((port) => ({ to: name, address, port })),
    );
    const answers = await tryTargets(
      inside,
      flows.map(({ address, port }) => [address, port, 'TCP'] as const),
    );
    for (const [index, { to, port }] of flows.entries()) {
      const own = declared.some(
        (flow) =>
          flow.from.includes(source.name) && flow.to.includes(to) && (flow.ports ?? PORTS).includes(port),
      );
      tried.push({ from: source.name, to, port, passes: answers[index] === true, declared: own });
    }
  }
  return tried;
}

/** One line for each pair: ports that pass, and how many do not. */
export function tableOfFlows(tried: readonly Tried[]): string {
  const pairs = new Map<string, Tried[]>();
  for (const each of tried) {
    const key = `${each.from.padEnd(32)} > ${each.to.padEnd(32)}`;
    pairs.set(key, [...(pairs.get(key) ?? []), each]);
  }
  const lines = [...pairs].map(([key, flows]) => {
    const open = [...new Set(flows.filter(({ passes }) => passes).map(({ port }) => port))];
    const dropped = flows.filter(({ passes }) => !passes).length;
    return `${key} ${open.length === 0 ? 'nothing' : open.join(' ')}${dropped > 0 ? ` (${String(dropped)} dropped)` : ''}`;
  });
  return lines.join('\n');
}
