import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterNetwork } from '../kubernetes/cluster';
import {
  fromMonitoring,
  namespaceNamed,
  publicNetworks,
  tcp,
  toApiServer,
  toDns,
} from '../kubernetes/network-policy';
import type { AcmeNeeds } from './acme';
import { CAINJECTOR, CONTROLLER, selector, WEBHOOK, type Program } from './program';
import { NAMESPACE, RELEASE } from './release';

export interface NetworkPoliciesProps {
  readonly cluster: ClusterNetwork;
  readonly acme: AcmeNeeds;
  /** @default the controller reaches the site's front by its public address only */
  readonly frontNamespaces?: readonly string[];
  /** @default of the addresses outside the cluster, the controller reaches public ones only */
  readonly privateNetworks?: readonly string[];
}

/**
 * Every flow of the namespace, one policy per program; all else is denied by the namespace itself.
 * Probes need no rule: a node always reaches its own pods.
 *
 * @see https://cert-manager.io/docs/installation/best-practice/#network-requirements-and-network-policy
 */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, props: NetworkPoliciesProps) {
    super(scope, id);

    const { cluster } = props;
    const metrics = fromMonitoring(cluster, RELEASE.ports.metrics);
    const controlPlane = [toApiServer(cluster), toDns(cluster)];

    policy(this, CONTROLLER, metrics, [...controlPlane, ...toSolveChallenges(props)]);
    policy(this, CAINJECTOR, metrics, controlPlane);
    // The API server calls from a node's address, a tunnel's or a pod's, as the network plug-in has it: no
    // source can be named. Whoever else calls learns only whether an object would be accepted.
    policy(this, WEBHOOK, [{ ports: [tcp(RELEASE.ports.webhook)] }, ...metrics], controlPlane);
  }
}

function policy(
  scope: Construct,
  program: Program,
  ingress: k8s.NetworkPolicyIngressRule[],
  egress: k8s.NetworkPolicyEgressRule[],
): void {
  new k8s.KubeNetworkPolicy(scope, program.name, {
    metadata: { name: program.name, namespace: NAMESPACE, labels: program.labels },
    spec: {
      podSelector: { matchLabels: selector(program) },
      policyTypes: ['Ingress', 'Egress'],
      ...(ingress.length > 0 ? { ingress } : {}),
      egress,
    },
  });
}

function toSolveChallenges(props: NetworkPoliciesProps): k8s.NetworkPolicyEgressRule[] {
  const { acme, frontNamespaces = [] } = props;
  const to = outside(props.privateNetworks ?? []);
  const dns = acme.dnsPorts.flatMap((port) =>
    ['UDP', 'TCP'].map((protocol) => ({ protocol, port: k8s.IntOrString.fromNumber(port) })),
  );
  // A rule with an empty list of ports would open them all, and one with an empty list of peers every host.
  return [
    ...(acme.tcpPorts.length > 0 ? [{ to, ports: acme.tcpPorts.map(tcp) }] : []),
    ...(dns.length > 0 ? [{ to, ports: dns }] : []),
    ...(acme.http01 && frontNamespaces.length > 0 ? [toFront(frontNamespaces)] : []),
  ];
}

/** Any port: what the front's Service calls 80 is often another port in its pods. */
function toFront(namespaces: readonly string[]): k8s.NetworkPolicyEgressRule {
  return {
    to: namespaces.map((name) => ({ namespaceSelector: namespaceNamed(name) })),
    ports: [{ protocol: 'TCP' }],
  };
}

function outside(privateNetworks: readonly string[]): k8s.NetworkPolicyPeer[] {
  return [...publicNetworks(), ...privateNetworks.map((cidr) => ({ ipBlock: { cidr } }))];
}
