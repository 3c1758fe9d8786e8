import type { Site } from '../../lib/site/schema';
import { textAt, type Fields } from '../../lib/kubernetes/read';
import { ownAddress, type NetworkPlan } from '../cluster/network';
import { readAll } from '../suite/objects';
import {
  ANOTHER_NODE,
  API_MACHINE,
  CERT_MANAGER_PODS,
  declaredFlows,
  LONGHORN_PODS,
  otherNamespaces,
  plain,
  PLAIN,
  PORTS,
  WORLD,
} from './declared-flows';
import { namespace, probePod } from './pods';
import { insideOf, insideOfNode, tryTargets, type Inside } from './probe';

/** Somewhere flows come from and go to. */
interface Place {
  readonly name: string;
  /** @default nobody is reached there */
  readonly address?: string;
  /** @default nothing comes from there */
  readonly inside?: Inside;
  /** Where a pod runs, or which node it is. */
  readonly node?: string;
}

const LONGHORN = 'longhorn-system';
/** Sources that try at the same time. */
const AT_ONCE = 6;

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
    podPlace(name, readAll('pods', `--namespace=${space}`, `--selector=e2e/probe=${pod}`)[0]);
  const { namespace: dnsSpace, podLabels } = site.cluster.dns;
  const dns = Object.entries(podLabels)
    .map((pair) => pair.join('='))
    .join(',');
  return [
    ...CERT_MANAGER_PODS.map((name) =>
      podPlace(
        name,
        readAll(
          'pods',
          '--namespace=cert-manager',
          `--selector=app.kubernetes.io/component=${name}`,
          '--field-selector=status.phase=Running',
        )[0],
      ),
    ),
    ...Object.keys(LONGHORN_PODS).map((name) => probe(name, LONGHORN, `e2e-${name}`)),
    ...PLAIN.map((space) => probe(plain(space), space, 'e2e-plain')),
    ...Object.entries(otherNamespaces(site)).map(([name, space]) => probe(name, space, `e2e-${name}`)),
    ...readAll('pods', `--namespace=${dnsSpace}`, `--selector=${dns}`)
      .slice(0, 1)
      .map((pod) => ({ name: 'dns', address: textAt(pod, 'status', 'podIP') ?? '' })),
    ...network.apiServer.slice(0, 1).map((address) => ({ name: 'api server', address })),
    ...Object.entries(WORLD).map(([name, address]) => ({ name, address })),
    { name: API_MACHINE, inside: `/proc/${String(process.pid)}/ns/net` },
    ...network.nodes.map(({ name, namespace: own }) => ({
      name: ANOTHER_NODE,
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

/** What differs from what is declared. */
export function undeclared(tried: readonly Tried[]): readonly string[] {
  const wrong = tried.filter(({ passes, declared }) => passes !== declared);
  return wrong.map(
    ({ from, to, port, passes }) => `${from} > ${to}:${String(port)} ${passes ? 'passes' : 'is dropped'}`,
  );
}

/**
 * Tries every port of every place from every place.
 *
 * @param only the one place that is tried. @default all of them
 */
export async function tryFlows(site: Site, network: NetworkPlan, only?: string): Promise<readonly Tried[]> {
  for (const address of Object.values(WORLD)) ownAddress(address);
  const declared = declaredFlows(site);
  const all = places(site, network);
  const tried: Tried[] = [];
  const sources = all.filter(({ inside }) => inside !== undefined);
  for (let first = 0; first < sources.length; first += AT_ONCE)
    tried.push(...(await Promise.all(sources.slice(first, first + AT_ONCE).map(tryFrom))).flat());
  return tried;

  async function tryFrom(source: Place): Promise<readonly Tried[]> {
    const targets = all.filter(
      ({ name, address, node }) =>
        address !== undefined &&
        name !== source.name &&
        (only === undefined || name === only) &&
        // A node may always reach its own pods.
        !(source.name === ANOTHER_NODE && node === source.node) &&
        // This machine owns these addresses.
        !(source.name === API_MACHINE && (name === 'api server' || name in WORLD)),
    );
    const flows = targets.flatMap(({ name, address = '' }) =>
      PORTS.map((port) => ({ to: name, address, port })),
    );
    const wanted = flows.map(({ address, port }) => [address, port, 'TCP'] as const);
    const answers = await tryTargets(source.inside ?? '', wanted);
    return flows.map(({ to, port }, index) => ({
      from: source.name,
      to,
      port,
      passes: answers[index] === true,
      declared: declared.some(
        (flow) =>
          flow.from.includes(source.name) && flow.to.includes(to) && (flow.ports ?? PORTS).includes(port),
      ),
    }));
  }
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
