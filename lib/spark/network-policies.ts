import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { USERS_NAMESPACE } from '../jupyterhub/release';
import type { ClusterNetwork } from '../kubernetes/cluster';
import {
  namespaceNamed,
  publicNetworks,
  tcp,
  tcpRange,
  toApiServer,
  toDns,
} from '../kubernetes/network-policy';
import { EXECUTORS, forExecutors, forNotebooks, notebooksOf } from './metadata';
import { DRIVER_PORTS, executorNamespace, RELEASE } from './release';

/** A place outside of the cluster that executors reach. */
export interface DataEgress {
  readonly cidrs: readonly string[];
  readonly ports: readonly number[];
}

export interface NetworkPoliciesProps {
  readonly experiment: string;
  readonly cluster: ClusterNetwork;
  /** Networks of pods, Services and nodes: they may have public addresses and are not the internet. */
  readonly ownNetworks: readonly string[];
  readonly egress: readonly DataEgress[];
}

/**
 * The flows of the sessions of an experiment: a notebook asks the API server for executors, these report to it, and
 * data goes between all of them. What is of another experiment has other labels, and is reached by nobody.
 *
 * @see https://spark.apache.org/docs/latest/security.html#configuring-ports-for-network-security
 */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, props: NetworkPoliciesProps) {
    super(scope, id);
    const { experiment, cluster } = props;
    const executors = pods(executorNamespace(experiment), EXECUTORS);
    const notebooks = pods(USERS_NAMESPACE, notebooksOf(experiment));
    const blocks = [tcp(RELEASE.ports.blockManager)];
    const drivers = [tcpRange(DRIVER_PORTS.from, DRIVER_PORTS.to)];
    new k8s.KubeNetworkPolicy(this, 'notebooks', {
      metadata: forNotebooks(experiment),
      spec: {
        podSelector: { matchLabels: notebooksOf(experiment) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [executors], ports: drivers }],
        egress: [{ to: [executors], ports: blocks }, toApiServer(cluster)],
      },
    });
    new k8s.KubeNetworkPolicy(this, 'executors', {
      metadata: forExecutors(experiment, 'executors'),
      spec: {
        podSelector: { matchLabels: { ...EXECUTORS } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [executors, notebooks], ports: blocks }],
        egress: [
          { to: [notebooks], ports: drivers },
          { to: [executors], ports: blocks },
          toDns(cluster),
          ...props.egress.map(({ cidrs, ports }) => ({
            to: cidrs.flatMap((cidr) => places(cidr, props)),
            ports: ports.map(tcp),
          })),
        ],
      },
    });
  }
}

function pods(namespace: string, labels: Readonly<Record<string, string>>): k8s.NetworkPolicyPeer {
  return { namespaceSelector: namespaceNamed(namespace), podSelector: { matchLabels: { ...labels } } };
}

/** Everywhere means the internet: an API server with a public address, and what is the site's own, are not of it. */
function places(cidr: string, { ownNetworks, cluster }: NetworkPoliciesProps): k8s.NetworkPolicyPeer[] {
  if (cidr !== '0.0.0.0/0') return [{ ipBlock: { cidr } }];
  return publicNetworks([...ownNetworks, ...cluster.apiServer.cidrs]);
}
