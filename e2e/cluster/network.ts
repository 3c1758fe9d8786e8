import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Site } from '../../lib/site/schema';
import { PREFIX } from './remains';

/**
 * The network of real nodes. A namespace of its own holds a bridge, to which each node and each client from outside has
 * a cable, and this machine too: it has the addresses under which the site's API server is known.
 */
export interface NetworkPlan {
  /** Addresses of the API server. */
  readonly apiServer: readonly string[];
  readonly port: number;
  readonly nodeNetwork: string;
  /** This machine's own address among the nodes, the last one of their network. */
  readonly gateway: string;
  readonly nodes: readonly NodeNetwork[];
  readonly podNetwork: string;
  readonly serviceNetwork: string;
  readonly dns: string;
}

export interface NodeNetwork {
  readonly name: string;
  /** Network namespace. */
  readonly namespace: string;
  readonly address: string;
  /** The node's part of the pod network. */
  readonly pods: string;
}

/** Clients from outside; no site may call this network its own, it is kept for benchmarks (RFC 2544). */
const OUTSIDE = '198.18.0';
const SWITCH = `${PREFIX}switch`;
const HOST_CABLE = `${PREFIX}host`;
/** Addresses of nodes start here in their network: the first ones are often routers, API servers, balancers. */
const FIRST_NODE = 21;
/** As kubeadm gives it. */
const DNS_SERVICE = 10;

export function planNetwork({ cluster }: Site, names: readonly string[]): NetworkPlan {
  const [nodeNetwork = '', podNetwork = '', services = ''] = [
    cluster.nodeCIDRs.find(isIPv4),
    cluster.podCIDRs.find(isIPv4),
    cluster.serviceCIDRs.find(isIPv4),
  ].map((network) => network ?? '');
  if ([nodeNetwork, podNetwork, services].includes(''))
    throw new Error('real nodes need networks of IPv4 for nodes, pods and services');
  const apiServer = cluster.apiServer.addresses.filter(isIPv4);
  const serviceNetwork = smaller(services, 12);
  const free = Array.from({ length: 254 }, (_, index) => address(nodeNetwork, FIRST_NODE + index)).filter(
    (each) => !apiServer.includes(each),
  );
  return {
    apiServer,
    port: cluster.apiServer.port,
    nodeNetwork,
    gateway: address(nodeNetwork, 2 ** (32 - Number(nodeNetwork.split('/')[1])) - 2),
    podNetwork,
    serviceNetwork,
    dns: address(serviceNetwork, DNS_SERVICE),
    nodes: names.map((name, index) => ({
      name,
      namespace: `${PREFIX}n${String(index + 1)}`,
      address: free[index] ?? '',
      pods: `${address(podNetwork, (index + 1) * 256)}/24`,
    })),
  };
}

const isIPv4 = (network: string) => !network.includes(':');

/** The API server takes no service network that is larger than /12. */
export function smaller(network: string, bits: number): string {
  const [base = '', own = '32'] = network.split('/');
  return `${base}/${String(Math.max(Number(own), bits))}`;
}

/** The n-th address of a network. */
export function address(network: string, n: number): string {
  const bytes = (network.split('/')[0] ?? '').split('.').map(Number);
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Lays the cables, and tells everybody where the pods of the others are. */
export function layNetwork({ apiServer, gateway, nodeNetwork, nodes }: NetworkPlan): void {
  const bits = nodeNetwork.split('/')[1] ?? '24';
  if (!existsSync('/proc/sys/net/bridge')) execFileSync('modprobe', ['br_netfilter']);
  ip(['netns', 'add', SWITCH]);
  inNetwork(SWITCH, ['ip', 'link', 'add', 'bridge', 'type', 'bridge']);
  inNetwork(SWITCH, ['ip', 'link', 'set', 'bridge', 'up']);
  ip(['link', 'add', HOST_CABLE, 'type', 'veth', 'peer', 'name', 'machine', 'netns', SWITCH]);
  plug('machine');
  for (const own of [`${gateway}/${bits}`, ...apiServer.filter((each) => each !== gateway)])
    ip(['address', 'add', own, 'dev', HOST_CABLE]);
  ip(['link', 'set', HOST_CABLE, 'up']);
  for (const { namespace, address: own } of nodes) {
    addClient(namespace, `${own}/${bits}`);
    inNetwork(namespace, ['ip', 'route', 'add', 'default', 'via', gateway]);
    inNetwork(namespace, ['ip', 'route', 'add', `${OUTSIDE}.0/24`, 'dev', 'eth0']);
    // Packets between pods of one node pass its rules too.
    const settings = ['net.ipv4.ip_forward=1', 'net.bridge.bridge-nf-call-iptables=1'];
    inNetwork(namespace, ['sysctl', '--quiet', '--write', ...settings]);
  }
  for (const { address: via, pods, namespace } of nodes) {
    ip(['route', 'add', pods, 'via', via]);
    for (const other of nodes)
      if (other.namespace !== namespace) inNetwork(other.namespace, ['ip', 'route', 'add', pods, 'via', via]);
  }
  // Each runtime and kubelet watches many files; the machine's default is enough for one.
  execFileSync('sysctl', ['--quiet', '--write', 'fs.inotify.max_user_instances=8192']);
}

/** Makes this machine the owner of one more address, in the place of somebody outside: nobody listens there. */
export function ownAddress(own: string): void {
  ip(['address', 'replace', `${own}/32`, 'dev', HOST_CABLE]);
}

/**
 * Plugs in a client that is outside of the cluster: it reaches the addresses of the nodes and nothing else. Gives the
 * name of its network namespace, for {@link inNetwork}.
 */
export function plugOutsideClient(name: string, index: number, { nodes }: NetworkPlan): string {
  const namespace = `${PREFIX}out-${name}`;
  addClient(namespace, `${OUTSIDE}.${String(index + 1)}/32`);
  for (const node of nodes)
    inNetwork(namespace, ['ip', 'route', 'add', node.address, 'dev', 'eth0', 'scope', 'link']);
  return namespace;
}

function addClient(namespace: string, own: string): void {
  const cable = namespace.slice(PREFIX.length);
  ip(['netns', 'add', namespace]);
  ip(['link', 'add', 'eth0', 'netns', namespace, 'type', 'veth', 'peer', 'name', cable, 'netns', SWITCH]);
  plug(cable);
  inNetwork(namespace, ['ip', 'link', 'set', 'lo', 'up']);
  inNetwork(namespace, ['ip', 'address', 'add', own, 'dev', 'eth0']);
  inNetwork(namespace, ['ip', 'link', 'set', 'eth0', 'up']);
}

function plug(cable: string): void {
  inNetwork(SWITCH, ['ip', 'link', 'set', cable, 'master', 'bridge', 'up']);
}

/** Runs a command in a network namespace; gives what it says. */
export function inNetwork(namespace: string, [...command]: readonly string[]): string {
  return execFileSync('nsenter', [`--net=/run/netns/${namespace}`, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const ip = (args: readonly string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
