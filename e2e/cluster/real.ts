import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Site } from '../../lib/site/schema';
import { fitPodsToMachine } from './admission';
import { buildPrograms, isBuilt } from './build';
import { GIVEN_KUBECONFIG, KUBECONFIG, RUN } from './cache';
import { startControlPlane, startSimulation } from './control-plane';
import { REAL, startDns } from './dns';
import { makePlainStore, makeStore } from './images/store';
import { applyObjects, mustKubectl } from './kubectl';
import { needPackages, needRoot, NODE_PACKAGES } from './machine';
import { inNetwork, layNetwork, planNetwork, plugOutsideClient, type NetworkPlan } from './network';
import { planNodes } from './node-plan';
import { start, stopAll } from './processes';
import { nodeUsers, startNode } from './real-node';
import { PREFIX } from './remains';
import { CLUSTER, EXTRAS, NODE, type Extra } from './versions';
import { startVolumes } from './volumes';

const NETWORK = path.join(RUN, 'network.json');
const ENGINE = path.join(__dirname, 'policy-engine.ts');

export interface RealOptions {
  /** Pools that must be real nodes. @default those without taints first, three at most */
  readonly pools?: readonly string[];
  /** How many real nodes there are at most. @default 3 */
  readonly most?: number;
  /** What besides takes minutes to make: Spark in the images, 900 MB more; KEDA. @default neither */
  readonly extras?: readonly Extra[];
}

/**
 * A fresh cluster with real nodes, shaped by a site: its networks, the addresses of its API server, its pools. What ran
 * before is stopped; {@link stopAll} stops this one.
 *
 * @throws Error when the machine lacks something, or when a part does not come up, with the end of its log
 */
export async function upReal(
  site: Site,
  { pools, most, extras = [] }: RealOptions,
  say: (text: string) => void,
): Promise<NetworkPlan> {
  if (GIVEN_KUBECONFIG !== undefined)
    throw new Error('E2E_KUBECONFIG: suites on real nodes look into the networks of their pods; unset it');
  const store = await buildReal(extras, say);
  const nodes = planNodes(site.nodePools, pools, most);
  const network = planNetwork(
    site,
    nodes.real.map(({ name }) => name),
  );
  writeFileSync(NETWORK, JSON.stringify(network));
  layNetwork(network);
  say('starting the control plane');
  await startControlPlane({
    serviceCidr: network.serviceNetwork,
    published: { addresses: network.apiServer, port: network.port },
    users: nodeUsers(network.nodes),
  });
  fitPodsToMachine();
  applyObjects([...nodes.real.map(nodeObject), ...nodes.simulated]);
  if (nodes.simulated.length > 0) startSimulation({ provisions: false });
  say(`starting ${network.nodes.map(({ name }) => name).join(', ')}`);
  for (const node of network.nodes) await startNode(node, network, store);
  startPolicies(network);
  mustKubectl(['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=180s']);
  for (const { name, devices } of nodes.real) offerDevices(name, devices);
  await startVolumes(network.nodes);
  startDns(site, network.dns);
  say(
    `a cluster of ${String(nodes.real.length)} real and ${String(nodes.simulated.length)} simulated nodes is up: KUBECONFIG=${KUBECONFIG}`,
  );
  return network;
}

/** Makes what real nodes start from, unless it is there, and stops what ran before. Gives the folder of the image store. */
export async function buildReal(extras: readonly Extra[], say: (text: string) => void): Promise<string> {
  needRoot();
  needPackages(NODE_PACKAGES, say);
  const programs = [CLUSTER, NODE, ...extras.flatMap((extra) => EXTRAS[extra])];
  await stopAll();
  if (!programs.every(isBuilt))
    await Promise.all([buildPrograms(programs, say), makePlainStore(extras, say)]);
  return makeStore(extras, say);
}

/** Made before its kubelet comes, so that no pod is placed by a node's first, bare state. */
function nodeObject({ name, labels, taints }: ReturnType<typeof planNodes>['real'][number]): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...labels, ...REAL, 'kubernetes.io/hostname': name } },
    spec: { taints },
  };
}

/**
 * Advertises devices that no plugin knows.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/extended-resource-node/
 */
export function offerDevices(node: string, devices: Readonly<Record<string, string>>): void {
  if (Object.keys(devices).length === 0) return;
  const status = JSON.stringify({ status: { capacity: devices, allocatable: devices } });
  mustKubectl(['patch', 'node', node, '--subresource=status', '--type=merge', '--patch', status]);
}

function startPolicies({ nodes }: NetworkPlan): void {
  const pairs = nodes.map(({ name, namespace }) => `${name}=${namespace}`);
  const env = { ...process.env, TS_NODE_PROJECT: path.join(__dirname, '..', '..', 'tsconfig.json') };
  start(process.execPath, ['--require', require.resolve('ts-node/register'), ENGINE, ...pairs], env, {
    instance: 'policies',
  });
}

/** The network of the cluster that runs. */
export function runningNetwork(): NetworkPlan {
  if (!existsSync(NETWORK)) throw new Error('no cluster with real nodes runs');
  return JSON.parse(readFileSync(NETWORK, 'utf8')) as NetworkPlan;
}

/** A client that is outside of the cluster: it reaches the addresses of the nodes, and nothing else. */
export interface OutsideClient {
  /** Runs a command of this machine there; gives what it says, and throws when it fails. */
  run(command: readonly string[]): string;
  /** Addresses of the nodes, at which NodePorts answer. */
  readonly nodes: readonly string[];
}

/** @param name eight characters at most */
export function outsideClient(name: string): OutsideClient {
  const network = runningNetwork();
  const others = readdirSync('/run/netns').filter((each) => each.startsWith(`${PREFIX}out-`));
  const namespace = plugOutsideClient(name, others.length, network);
  return {
    run: (command) => inNetwork(namespace, command),
    nodes: network.nodes.map((node) => node.address),
  };
}
