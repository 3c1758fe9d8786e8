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
