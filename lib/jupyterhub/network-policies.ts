import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterNetwork } from '../kubernetes/cluster';
import {
  fromMonitoring,
  namespaceNamed,
  podsOf,
  publicNetworks,
  tcp,
  tcpRange,
  toApiServer,
  toDns,
} from '../kubernetes/network-policy';
import type { Entrance } from './entrance';
import { labels, NOTEBOOKS, selector, TALKS_TO } from './metadata';
import type { PoolAccess } from './pool-access';
import { DASK, NAMESPACE, RELEASE, USERS_NAMESPACE } from './release';

export interface NetworkPoliciesProps {
  readonly cluster: ClusterNetwork;
  /** Networks of pods, Services and nodes: they may have public addresses and are not the internet. */
  readonly ownNetworks: readonly string[];
  readonly entrance: Entrance;
  /** Where users log in. */
  readonly issuer: {
    readonly port: number;
    /** Networks with private addresses in which it is. */
    readonly privateNetworks: readonly string[];
  };
  /** What notebooks reach besides the public internet. */
  readonly notebookEgress: readonly {
    readonly cidrs: readonly string[];
    readonly ports: readonly number[];
    readonly reason: string;
  }[];
  /** @default notebooks reach no pool */
  readonly pool?: Pick<PoolAccess, 'accessPoints' | 'dask'>;
}

const { ports } = RELEASE;

/** A policy has no comments: why the site opens what it opens stands here. */
const EGRESS_REASONS = 'analysis-facility/egress-reasons';

/**
 * Every flow of hub, proxy and notebooks; all else is denied by the namespaces themselves.
 * Notebooks reach the hub, the internet, and the pool if there is one; neither each other nor anything else of the cluster.
 *
 * @see https://z2jh.jupyter.org/en/stable/administrator/security.html#kubernetes-network-policies
 */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, props: NetworkPoliciesProps) {
    super(scope, id);
    const { cluster } = props;
    // An API server with a public address is not the internet either.
    const internet = publicNetworks([...props.ownNetworks, ...cluster.apiServer.cidrs]);
    policy(this, 'hub', NAMESPACE, selector('hub'), {
      ingress: [
        { from: [{ podSelector: talksTo('hub') }, usersPods(TALKS_TO.hub)], ports: [tcp('http')] },
        { from: [usersPods(TALKS_TO.hub)], ports: [tcp('tokens')] },
        ...fromMonitoring(cluster, 'http'),
      ],
      egress: [
        { to: [{ podSelector: { matchLabels: selector('proxy') } }], ports: [tcp(ports.proxyApi)] },
        { to: [usersPods(NOTEBOOKS)], ports: [tcp(ports.notebook)] },
        toDns(cluster),
        toApiServer(cluster),
        {
          to: [...internet, ...blocks(props.issuer.privateNetworks)],
          ports: [tcp(props.issuer.port)],
        },
      ],
    });
    policy(this, 'proxy', NAMESPACE, selector('proxy'), {
      ingress: [
        { ...fromEntrance(props.entrance), ports: [tcp('http')] },
        { from: [{ podSelector: talksTo('proxyApi') }], ports: [tcp('api')] },
      ],
      egress: [
        { to: [{ podSelector: { matchLabels: selector('hub') } }], ports: [tcp(ports.hub)] },
        { to: [usersPods(NOTEBOOKS)], ports: [tcp(ports.notebook)] },
        toDns(cluster),
      ],
    });
    const reasons = props.notebookEgress.map(
      ({ cidrs, ports: numbers, reason }) => `${reason}: ${cidrs.join(', ')} at ${numbers.join(', ')}`,
    );
    policy(this, 'singleuser', USERS_NAMESPACE, NOTEBOOKS, {
      ...(reasons.length === 0 ? {} : { annotations: { [EGRESS_REASONS]: reasons.join('; ') } }),
      ingress: [
        {
          from: [{ namespaceSelector: namespaceNamed(NAMESPACE), podSelector: talksTo('notebooks') }],
          ports: [tcp(ports.notebook)],
        },
        ...fromWorkers(props.pool),
      ],
      egress: [
        {
          to: [
            {
              namespaceSelector: namespaceNamed(NAMESPACE),
              podSelector: { matchLabels: selector('hub') },
            },
          ],
          ports: [tcp(ports.hub), tcp(ports.tokens)],
        },
        toDns(cluster),
        { to: internet },
        ...toPool(props.pool),
        ...props.notebookEgress.map((each) => ({ to: blocks(each.cidrs), ports: each.ports.map(tcp) })),
      ],
    });
  }
}

/** Workers of Dask report to the scheduler in the notebook. */
function fromWorkers(pool: NetworkPoliciesProps['pool']): k8s.NetworkPolicyIngressRule[] {
  return pool?.dask ? [{ from: pool.dask.workers.map(podsOf), ports: [tcp(DASK.scheduler)] }] : [];
}

/** The scheduler also calls workers, and the nannies that watch over them. */
function toPool(pool: NetworkPoliciesProps['pool']): k8s.NetworkPolicyEgressRule[] {
  if (!pool) return [];
  const { accessPoints, dask } = pool;
  return [
    { to: [podsOf(accessPoints)], ports: [tcp(accessPoints.port)] },
    ...(dask
      ? [
          {
            to: dask.workers.map(podsOf),
            ports: [DASK.workers, DASK.nannies].map(({ from, to }) => tcpRange(from, to)),
          },
        ]
      : []),
  ];
}

function policy(
  scope: Construct,
  name: string,
  namespace: string,
  pods: Readonly<Record<string, string>>,
  {
    annotations,
    ...rules
  }: {
    annotations?: Record<string, string>;
    ingress: k8s.NetworkPolicyIngressRule[];
    egress: k8s.NetworkPolicyEgressRule[];
  },
): void {
  new k8s.KubeNetworkPolicy(scope, name, {
    metadata: { name, namespace, labels: labels(name), ...(annotations ? { annotations } : {}) },
    spec: { podSelector: { matchLabels: { ...pods } }, policyTypes: ['Ingress', 'Egress'], ...rules },
  });
}

/**
 * Requests at a NodePort come with the address of a node, of a tunnel or of the client, as the network plug-in has it:
 * no source can be named, so whoever reaches a node reaches the log-in page.
 */
function fromEntrance(entrance: Entrance): k8s.NetworkPolicyIngressRule {
  if (entrance.kind === 'nodePort') return {};
  return { from: [{ namespaceSelector: namespaceNamed(entrance.dataPlaneNamespace) }] };
}

function talksTo(whom: keyof typeof TALKS_TO): k8s.LabelSelector {
  return { matchLabels: { ...TALKS_TO[whom] } };
}

function usersPods(pods: Readonly<Record<string, string>>): k8s.NetworkPolicyPeer {
  return { namespaceSelector: namespaceNamed(USERS_NAMESPACE), podSelector: { matchLabels: { ...pods } } };
}

function blocks(cidrs: readonly string[]): k8s.NetworkPolicyPeer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}
