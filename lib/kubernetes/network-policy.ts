import { k8s } from 'cdk8s-plus-27';
import type { ClusterNetwork } from './cluster';

/** Egress rules that name the flows nearly every pod of a control plane needs. */

/** To the cluster's DNS pods. */
export function toDns(cluster: ClusterNetwork): k8s.NetworkPolicyEgressRule {
  return {
    to: [
      {
        namespaceSelector: namespaceNamed(cluster.dns.namespace),
        podSelector: { matchLabels: { ...cluster.dns.podLabels } },
      },
    ],
    ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: k8s.IntOrString.fromNumber(53) })),
  };
}

/** To the API server's endpoints. */
export function toApiServer(cluster: ClusterNetwork): k8s.NetworkPolicyEgressRule {
  return {
    to: cluster.apiServer.cidrs.map((cidr) => ({ ipBlock: { cidr } })),
    ports: [tcp(cluster.apiServer.port)],
  };
}

/** From the pods of the monitoring namespace; no rule where the site has none. */
export function fromMonitoring(
  cluster: ClusterNetwork,
  port: number | string,
): k8s.NetworkPolicyIngressRule[] {
  if (cluster.monitoringNamespace === undefined) return [];
  return [{ from: [{ namespaceSelector: namespaceNamed(cluster.monitoringNamespace) }], ports: [tcp(port)] }];
}

/** Link-local holds the metadata service of clouds, which gives out credentials. */
const NOT_PUBLIC_V4 = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
];
const NOT_PUBLIC_V6 = ['::1/128', 'fc00::/7', 'fe80::/10'];

/** The internet, without private addresses and without networks of the site that have public ones. */
export function publicNetworks(own: readonly string[] = []): k8s.NetworkPolicyPeer[] {
  const without = (always: readonly string[], family: (cidr: string) => boolean) => [
    ...new Set([...always, ...own.filter(family)]),
  ];
  const isV6 = (cidr: string) => cidr.includes(':');
  return [
    { ipBlock: { cidr: '0.0.0.0/0', except: without(NOT_PUBLIC_V4, (cidr) => !isV6(cidr)) } },
    { ipBlock: { cidr: '::/0', except: without(NOT_PUBLIC_V6, isV6) } },
  ];
}

/** Selects one namespace by the label that the API server gives it. */
export function namespaceNamed(name: string): k8s.LabelSelector {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

export function tcp(port: number | string): k8s.NetworkPolicyPort {
  return {
    protocol: 'TCP',
    port: typeof port === 'number' ? k8s.IntOrString.fromNumber(port) : k8s.IntOrString.fromString(port),
  };
}

/** TCP ports from one to another, both included. */
export function tcpRange(from: number, to: number): k8s.NetworkPolicyPort {
  return { ...tcp(from), endPort: to };
}

/** Pods by their labels, in one namespace. */
export interface Pods {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function podsOf({ namespace, labels }: Pods): k8s.NetworkPolicyPeer {
  return { namespaceSelector: namespaceNamed(namespace), podSelector: { matchLabels: { ...labels } } };
}

/** Public addresses, and the private networks that are named. */
export function publicAnd(privateNetworks: readonly string[]): k8s.NetworkPolicyPeer[] {
  return [...publicNetworks(), ...privateNetworks.map((cidr) => ({ ipBlock: { cidr } }))];
}
