import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RUN } from './cache';
import { containerdConfig } from './containerd';
import { copyStore } from './images/store';
import { makeServerCertificate, pkiFile } from './pki';
import type { NetworkPlan, NodeNetwork } from './network';
import { start, until } from './processes';
import { PREFIX } from './remains';
import type { User } from './users';

const CGROUPS = '/sys/fs/cgroup';
const PROXY = path.join(RUN, 'kube-proxy.kubeconfig');

/** Folder of a node. Short: kubelet's sockets lie deep in it, and a socket's path has 107 characters at most. */
export const nodeFolder = ({ namespace }: NodeNetwork, ...steps: readonly string[]) =>
  path.join(RUN, namespace.slice(PREFIX.length), ...steps);

const nodeKubeconfig = (node: NodeNetwork) => path.join(RUN, `${node.name}.kubeconfig`);

/** Who the programs of the nodes are. */
export function nodeUsers(nodes: readonly NodeNetwork[]): readonly User[] {
  return [
    { name: 'system:kube-proxy', group: '', kubeconfig: PROXY },
    ...nodes.map((node) => ({
      name: `system:node:${node.name}`,
      group: 'system:nodes',
      kubeconfig: nodeKubeconfig(node),
    })),
  ];
}

/** Starts one node: its containerd, kubelet and kube-proxy in its network namespace. */
export async function startNode(node: NodeNetwork, network: NetworkPlan, store: string): Promise<void> {
  const place = { instance: node.name, network: node.namespace };
  mkdirSync(nodeFolder(node, 'cni'), { recursive: true });
  const socket = nodeFolder(node, 'containerd.sock');
  copyStore(store, nodeFolder(node, 'images'));
  writeFileSync(nodeFolder(node, 'cni', '10-pods.conflist'), JSON.stringify(podNetwork(node)));
  const files = { root: nodeFolder(node, 'images'), state: nodeFolder(node, 'state'), socket };
  const toml = write(node, 'containerd.toml', containerdConfig({ ...files, cni: nodeFolder(node, 'cni') }));
  start('/usr/bin/containerd', ['--config', toml], process.env, place);
  await until('the container runtime answers', `containerd@${node.name}`, 30, () => existsSync(socket));
  makeCgroups(node);
  makeServerCertificate(node.name, [`IP:${node.address}`, `DNS:${node.name}`]);
  const kubelet = write(node, 'kubelet.json', JSON.stringify(kubeletConfig(node, network.dns, socket)));
  const own = [
    ...['--config', kubelet, '--kubeconfig', nodeKubeconfig(node), '--hostname-override', node.name],
    ...['--node-ip', node.address, '--root-dir', nodeFolder(node, 'k')],
    // Nobody reads what cgroups use.
    '--housekeeping-interval=60s',
  ];
  start('kubelet', own, process.env, place);
  const proxy = write(node, 'kube-proxy.json', JSON.stringify(proxyConfig(node, network.podNetwork)));
  start('kube-proxy', ['--config', proxy], process.env, place);
}

function write(node: NodeNetwork, name: string, text: string): string {
  const file = nodeFolder(node, name);
  writeFileSync(file, text);
  return file;
}

/** Nothing is masqueraded: policies and servers must see the pods' own addresses. */
function podNetwork(node: NodeNetwork): object {
  const ipam = {
    type: 'host-local',
    dataDir: nodeFolder(node, 'ipam'),
    ranges: [[{ subnet: node.pods }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  return {
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      { type: 'bridge', bridge: 'pods', isGateway: true, ipMasq: false, hairpinMode: true, ipam },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}

/** Each node's pods are in a group of their own, or the kubelets would clean up after each other. */
function makeCgroups(node: NodeNetwork): void {
  const unified = existsSync(path.join(CGROUPS, 'cgroup.controllers'));
  const hierarchies = unified ? [''] : readdirSync(CGROUPS);
  for (const hierarchy of hierarchies) {
    const root = path.join(CGROUPS, hierarchy);
    if (existsSync(path.join(root, 'cgroup.procs')))
      mkdirSync(path.join(root, cgroupOf(node)), { recursive: true });
  }
}

const cgroupOf = (node: NodeNetwork) => `${PREFIX}${node.name}`;

function kubeletConfig(node: NodeNetwork, dns: string, socket: string): object {
  const resolver = write(node, 'resolv.conf', '');
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: node.address,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pkiFile('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: pkiFile(`${node.name}.crt`),
    tlsPrivateKeyFile: pkiFile(`${node.name}.key`),
    containerRuntimeEndpoint: `unix://${socket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroupOf(node)}`,
    failCgroupV1: false,
    failSwapOn: false,
    // Tolerates what cannot be written without every privilege.
    featureGates: { KubeletInUserNamespace: true },
    oomScoreAdj: 0,
    enforceNodeAllocatable: ['pods'],
    clusterDomain: 'cluster.local',
    clusterDNS: [dns],
    resolvConf: resolver,
    evictionHard: {
      'memory.available': '200Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
      'nodefs.inodesFree': '1%',
      'imagefs.inodesFree': '1%',
    },
    // An image that is collected cannot be pulled again.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    imageMinimumGCAge: '720h',
    syncFrequency: '5s',
    nodeStatusUpdateFrequency: '5s',
    podLogsDir: nodeFolder(node, 'logs'),
    logging: { verbosity: 2 },
  };
}

function proxyConfig(node: NodeNetwork, clusterCIDR: string): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clientConnection: { kubeconfig: PROXY },
    hostnameOverride: node.name,
    clusterCIDR,
    // Settings of the whole machine are left alone.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    oomScoreAdj: 0,
    healthzBindAddress: `${node.address}:10256`,
    metricsBindAddress: '127.0.0.1:10249',
  };
}
